// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import io.agentruntime.testkit.program.AgentMachine;
import io.agentruntime.testkit.program.SampleMcpServer;
import io.agentruntime.testkit.program.SampleProfile;
import io.agentruntime.testkit.requirement.RequiresGemini;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every part of a profile reaches the real program. */
@RequiresGemini
class GeminiProfileIT {
  @TempDir Path folder;

  private String ask(AgentProfile profile, String... messages) throws Exception {
    SessionId id = new SessionId(UUID.randomUUID().toString());
    try (ScriptedModel model = ScriptedModel.start(ScriptedModelOptions.defaults())) {
      return AgentMachine.in(folder, Programs.at(model.baseUri()))
          .converse(id, profile, Map.of(), messages);
    }
  }

  @Test
  void instructionsSkillsCommandsAndSubagentsAreThere() throws Exception {
    AgentProfile profile =
        SampleProfile.addTo(new ProfileBuilder(), "[[text:COMMAND-RAN for $ARGUMENTS]]").build();
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
        new ProfileBuilder().mcpServer(SampleMcpServer.bundled("bundled")).build();
    assertThat(ask(profile, "[[tools]][[tool:mcp_bundled_greet|{}]]"))
        .contains("mcp_bundled_greet")
        .contains("bundled says hello");
  }
}
