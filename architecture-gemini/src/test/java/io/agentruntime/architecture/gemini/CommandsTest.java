// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Commands are files of the program, and prompts where it does not read them. */
class CommandsTest {
  private static final CommandDefinition GREET =
      new CommandDefinition("greet", "Says \"hello\"", "Greet {{args}}\n\\o/", Map.of());
  private static final CommandDefinition PLAIN =
      new CommandDefinition("plain", null, "Do it.", Map.of());
  private static final AgentProfile PROFILE =
      new ProfileBuilder().command(GREET).command(PLAIN).build();

  @Test
  void aFileHoldsDescriptionAndPrompt() {
    assertThat(Commands.toml(GREET))
        .isEqualTo("description = \"Says \\\"hello\\\"\"\nprompt = \"Greet {{args}}\\n\\\\o/\"\n");
    assertThat(Commands.toml(PLAIN)).isEqualTo("prompt = \"Do it.\"\n");
  }

  @Test
  void argumentsStandWhereThePromptWantsThem() {
    assertThat(Commands.expanded(PROFILE, "/greet Ann $1 and Bob "))
        .isEqualTo("Greet Ann $1 and Bob\n\\o/");
    assertThat(Commands.expanded(PROFILE, "/greet")).isEqualTo("Greet \n\\o/");
  }

  @Test
  void aPromptWithoutAPlaceForThemGetsTheWholeCallBehindIt() {
    assertThat(Commands.expanded(PROFILE, "/plain now")).isEqualTo("Do it.\n\n/plain now");
    assertThat(Commands.expanded(PROFILE, "/plain")).isEqualTo("Do it.");
  }

  @Test
  void whatIsNoCommandStaysAsItIs() {
    for (String text : new String[] {"", "/", "/other x", "greet", "see /greet", "/greeting"}) {
      assertThat(Commands.expanded(PROFILE, text)).isEqualTo(text);
    }
  }
}
