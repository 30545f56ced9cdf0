// SPDX-License-Identifier: MIT

package io.agentruntime.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.spi.Secret;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What agents are told when the scripted model stands in for every vendor. */
class ScriptedModelServiceTest {
  private static final SecretSource ENVIRONMENT = name -> Optional.of(Secret.of("real " + name));

  @Test
  void everyVendorsAddressAndKeyAreTheScriptedModels() {
    try (ScriptedModelService model = ScriptedModelService.start("local", Optional.empty())) {
      UnaryOperator<String> value =
          name -> model.before(ENVIRONMENT).secret(name).map(Secret::reveal).orElse("");
      String base = value.apply("ANTHROPIC_BASE_URL");
      String key = value.apply("ANTHROPIC_API_KEY");

      assertThat(base).startsWith("http://{sandbox-host}:").contains("/t/");
      assertThat(value.apply("GOOGLE_GEMINI_BASE_URL")).isEqualTo(base);
      assertThat(value.apply("OPENAI_BASE_URL")).isEqualTo(base + "/v1");
      assertThat(key).isNotEmpty().doesNotContain("real");
      assertThat(value.apply("GEMINI_API_KEY")).isEqualTo(key);
      assertThat(value.apply("OPENAI_API_KEY")).isEqualTo(key);
      assertThat(value.apply("OPENCODE_MODEL")).isEqualTo("openai-compatible/scripted");
    }
  }

  @Test
  void noRealKeyIsSeenAndNothingElseIsHidden() {
    try (ScriptedModelService model = ScriptedModelService.start("local", Optional.empty())) {
      SecretSource secrets = model.before(ENVIRONMENT);

      for (String name :
          new String[] {"CLAUDE_CODE_OAUTH_TOKEN", "OPENCODE_API_KEY", "GROQ_API_KEY"}) {
        assertThat(secrets.secret(name)).as(name).isEmpty();
      }
      assertThat(secrets.secret("HTTPS_PROXY").map(Secret::reveal)).hasValue("real HTTPS_PROXY");
    }
  }
}
