// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import io.agentruntime.testkit.program.RealProgram;
import io.agentruntime.testkit.requirement.TestMachine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/** The real programs of the tests, configured by the profiles that the documentation shows. */
enum Programs {
  GEMINI("gemini-acp"),
  OPENCODE("opencode-acp");

  private final String profile;

  Programs(String profile) {
    this.profile = profile;
  }

  /** The profile's options. */
  Map<String, Object> options() {
    return Json.map(json().path("defaultOptions"));
  }

  private JsonNode json() {
    try (InputStream in = Programs.class.getResourceAsStream("/profiles/" + profile + ".json")) {
      return Json.MAPPER.readTree(Objects.requireNonNull(in, profile));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The profile, for a builder to add to. */
  ProfileBuilder profile() {
    return new ProfileBuilder().defaultOptions(options());
  }

  /** The profile with a policy. */
  AgentProfile profile(PermissionPolicy policy) {
    return profile().permissions(policy).build();
  }

  /** The installed program, talking to the model at {@code model}. */
  RealProgram at(URI model) {
    return switch (this) {
      case GEMINI ->
          new RealProgram(
              architecture(),
              TestMachine.gemini(),
              Map.of("GOOGLE_GEMINI_BASE_URL", model.toString(), "GEMINI_API_KEY", "test-key"));
      case OPENCODE ->
          new RealProgram(
              architecture(),
              TestMachine.openCode(),
              Map.of("OPENAI_BASE_URL", model + "/v1", "OPENAI_API_KEY", "test-key"));
    };
  }

  /** The architecture of a server whose operator released what both programs need. */
  static AcpArchitecture architecture() {
    AcpArchitecture architecture = new AcpArchitecture();
    architecture.open(
        new TestProviderContext(
            "test",
            Path.of("target"),
            InstantSource.system(),
            Map.of(
                "secrets",
                "[\"GEMINI_API_KEY\",\"GOOGLE_GEMINI_BASE_URL\",\"OPENAI_API_KEY\",\"OPENAI_BASE_URL\"]")));
    return architecture;
  }
}
