// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import io.agentruntime.testkit.program.AgentMachine;
import io.agentruntime.testkit.program.RunningAgent;
import io.agentruntime.testkit.program.SampleMcpServer;
import io.agentruntime.testkit.requirement.RequiresGemini;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every part of a profile reaches the real program. */
@RequiresGemini
class GeminiProfileIT {
  @TempDir Path folder;

  private String ask(AgentProfile profile, String... messages) throws Exception {
    SessionId id = new SessionId(UUID.randomUUID().toString());
    try (ScriptedModel model = ScriptedModel.start(ScriptedModelOptions.defaults())) {
      AgentMachine machine = AgentMachine.in(folder, Programs.at(model.baseUri()));
      machine.setUp(id, profile, Map.of(), Transcript.EMPTY);
      try (RunningAgent gemini = machine.start(id, profile, Map.of())) {
        for (String message : messages) {
          assertThat(gemini.ask(message)).isEqualTo(new TurnOutcome.Completed());
        }
        return text(gemini.blocks());
      }
    }
  }

  private static String text(List<Block> blocks) {
    return blocks.stream()
        .map(
            block ->
                switch (block) {
                  case Block.AssistantText text -> text.text();
                  case Block.ToolResult result -> result.output();
                  case Block.Subagent subagent -> String.valueOf(subagent.output());
                  default -> "";
                })
        .collect(Collectors.joining("\n"));
  }

  @Test
  void instructionsSkillsCommandsAndSubagentsAreThere() throws Exception {
    AgentProfile profile =
        new ProfileBuilder()
            .systemPrompt("SYSTEM-PROMPT You are a test.")
            .rule(new Rule("main", "MAIN-RULE", List.of(), true, Map.of()))
            .rule(new Rule("other", "OTHER-RULE", List.of(), false, Map.of()))
            .skill(
                new Skill(
                    "greet",
                    "SKILL-DESCRIPTION: \"says\" hello\nto people",
                    "SKILL-BODY",
                    List.of(ProfileFile.text("data/names.txt", "Ann")),
                    List.of(),
                    List.of(),
                    Map.of()))
            .command(
                new CommandDefinition(
                    "hello", "A \"command\"", "[[text:COMMAND-RAN for $ARGUMENTS]]", Map.of()))
            .subagent(
                new SubagentDefinition(
                    "reviewer", "SUBAGENT-DESCRIPTION", "SUBAGENT-PROMPT", null, null, Map.of()))
            .build();
    String text =
        ask(
            profile,
            "[[find:SYSTEM-PROMPT]][[find:MAIN-RULE]][[find:OTHER-RULE]][[find:SKILL-DESCRIPTION]]"
                + "[[find:SUBAGENT-DESCRIPTION]][[tool:activate_skill|{\"name\":\"greet\"}]]",
            "/hello Bob",
            "[[json:[{\"do\":\"subagent\",\"type\":\"reviewer\","
                + "\"prompt\":\"[[find:SUBAGENT-PROMPT]]\"}]]]");
    assertThat(text)
        .contains("Found: SYSTEM-PROMPT")
        .contains("Found: MAIN-RULE")
        .contains("Found: OTHER-RULE")
        .contains("Found: SKILL-DESCRIPTION")
        .contains("Found: SUBAGENT-DESCRIPTION")
        .contains("SKILL-BODY")
        .contains("COMMAND-RAN for Bob")
        .contains("Found: SUBAGENT-PROMPT");
  }

  @Test
  void serversOfTheModelContextProtocolAreCalled() throws Exception {
    AgentProfile profile =
        new ProfileBuilder()
            .mcpServer(
                new McpServer.Bundled(
                    "bundled",
                    null,
                    List.of(ProfileFile.text("server.js", SampleMcpServer.source("bundled"))),
                    "touch installed",
                    "test -e installed && exec node server.js",
                    Map.of("GREETING", "hello")))
            .build();
    assertThat(ask(profile, "[[tools]][[tool:mcp_bundled_greet|{}]]"))
        .contains("mcp_bundled_greet")
        .contains("bundled says hello");
  }
}
