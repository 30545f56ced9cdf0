// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.endtoend.SocketClient.Seen;
import io.agentruntime.app.gateway.NodeClient;
import io.agentruntime.app.json.Json;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.scriptedmodel.wire.RecordedRequest;
import io.agentruntime.testkit.requirement.RequiresClaude;
import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.requirement.RequiresGemini;
import io.agentruntime.testkit.requirement.RequiresNode;
import io.agentruntime.testkit.requirement.RequiresOpenCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All agent programs in one server, and one of which it knows nothing but a profile. */
@RequiresClaude
@RequiresGemini
@RequiresOpenCode
@RequiresNode
@Timeout(240)
final class AllAgentsIT {
  /** Each agent's architecture, the form in which it asks its model, and the name of its key. */
  private enum Agent {
    CLAUDE("claude-agent-sdk", "anthropic", "ANTHROPIC_API_KEY"),
    GEMINI("gemini-cli", "gemini", "GEMINI_API_KEY"),
    OPENCODE("opencode", "openai", "OPENAI_API_KEY");

    private final String architecture;
    private final String wireFormat;
    private final String key;

    Agent(String architecture, String wireFormat, String key) {
      this.architecture = architecture;
      this.wireFormat = wireFormat;
      this.key = key;
    }

    String program() {
      return name().toLowerCase(Locale.ROOT);
    }

    String keyValue() {
      return "canary-0815-of-" + program();
    }
  }

  @BeforeAll
  static void install() throws Exception {
    NodeClient.install();
  }

  @Test
  void agentsOfAllKindsWorkAtOnceAndNoneHasTheKeyOfAnother(@TempDir Path folder) throws Exception {
    Path profiles = Files.createDirectories(folder.resolve("data/profiles"));
    Files.writeString(profiles.resolve("acp.yaml"), Json.text(AcpProfile.gemini()));
    try (ScriptedModel model = ScriptedModel.start(ScriptedModelOptions.defaults());
        ServerProcess server =
            ServerProcess.start(
                folder.resolve("data"), new ServerProcess.Start("local", keys(model), List.of()))) {
      Map<Agent, Follower> followers = new LinkedHashMap<>();
      Map<Agent, String> messages = new LinkedHashMap<>();
      for (Agent agent : Agent.values()) {
        followers.put(agent, new Follower(server, agent.architecture));
      }
      Follower unknown = new Follower(server, "acp", "acp");
      for (Agent agent : Agent.values()) {
        messages.put(agent, followers.get(agent).send("[[bash:env]][[text:That is all.]]"));
      }
      for (Agent agent : Agent.values()) {
        Follower follower = followers.get(agent);
        String message = messages.get(agent);
        assertThat(follower.end(message).name())
            .as("%s: %s", agent, follower.ofTurn(message))
            .isEqualTo("session:turn:completed");
        assertThat(follower.said(message)).contains("That is all.");
        String environment = String.join("\n", follower.returned(message));
        assertThat(environment).contains("HOME=").doesNotContain("canary-0815");
        for (Agent other : Agent.values()) {
          if (other != agent) {
            assertThat(environment).as("%s", agent).doesNotContain(other.key);
          }
        }
        assertThat(environment).doesNotContain("GROQ_API_KEY");
        follower.close();
      }
      assertThat(unknown.said(unknown.turn("[[text:That is all.]]"))).isEqualTo("That is all.");
      unknown.close();

      Map<String, Set<String>> sent =
          model.requests().stream()
              .collect(
                  Collectors.groupingBy(
                      RecordedRequest::wireFormat,
                      Collectors.mapping(
                          request -> request.apiKeySha256().orElse(""), Collectors.toSet())));
      assertThat(sent).hasSize(Agent.values().length);
      for (Agent agent : Agent.values()) {
        assertThat(sent.get(agent.wireFormat)).containsExactly(sha256(agent.keyValue()));
      }
    }
  }

  private static Map<String, String> keys(ScriptedModel model) {
    String base = model.baseUri().toString();
    Map<String, String> environment = new LinkedHashMap<>();
    for (Agent agent : Agent.values()) {
      environment.put(agent.key, agent.keyValue());
    }
    environment.put("GROQ_API_KEY", "canary-0815-of-nobody");
    environment.put("ANTHROPIC_BASE_URL", base);
    environment.put("GOOGLE_GEMINI_BASE_URL", base);
    environment.put("OPENAI_BASE_URL", base + "/v1");
    environment.put("OPENCODE_MODEL", "openai-compatible/scripted");
    environment.put(AcpProfile.SECRETS, "[\"GEMINI_API_KEY\",\"GOOGLE_GEMINI_BASE_URL\"]");
    return environment;
  }

  @Test
  void anAgentWhoseProgramIsMissingSaysWhich(@TempDir Path folder) throws Exception {
    Map<String, String> none =
        Map.of(
            "AGENT_RUNTIME_CLAUDE", "", "AGENT_RUNTIME_GEMINI", "", "AGENT_RUNTIME_OPENCODE", "");
    assertEachSaysThatItsProgramIsMissing(
        folder, ServerProcess.Start.withScriptedModel("local", none));
  }

  @Test
  @RequiresDocker
  void anImageWithoutTheProgramSaysWhichIsMissing(@TempDir Path folder) throws Exception {
    String base =
        Objects.requireNonNullElse(
            System.getenv("AGENT_RUNTIME_BASE_IMAGE"), "agent-runtime-base:local");
    assertEachSaysThatItsProgramIsMissing(
        folder,
        ServerProcess.Start.withScriptedModel("docker", Map.of("AGENT_RUNTIME_IMAGE", base)));
  }

  private static void assertEachSaysThatItsProgramIsMissing(Path folder, ServerProcess.Start start)
      throws Exception {
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), start)) {
      Map<Agent, Follower> followers = new LinkedHashMap<>();
      Map<Agent, String> messages = new LinkedHashMap<>();
      for (Agent agent : Agent.values()) {
        Follower follower = new Follower(server, agent.architecture);
        followers.put(agent, follower);
        messages.put(agent, follower.send("[[text:Hello]]"));
      }
      for (Agent agent : Agent.values()) {
        try (Follower follower = followers.get(agent)) {
          Seen end = follower.end(messages.get(agent));
          assertThat(end.name()).isEqualTo("session:turn:failed");
          assertThat(end.text("/code")).isEqualTo("AGENT_EXITED");
          assertThat(end.text("/message")).contains("cannot be run", agent.program());
        }
      }
    }
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
