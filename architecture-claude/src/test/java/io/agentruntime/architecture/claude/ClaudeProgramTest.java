// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.SubagentDefinition;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.architecture.AgentProgram;
import io.agentruntime.spi.architecture.ProgramRequest;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaudeProgramTest {
  private static final SandboxPaths PATHS = new SandboxPaths("/workspace", "/home/a", "/scratch");
  private static final String ID = "11111111-1111-4111-8111-111111111111";

  private static AgentProgram program(
      AgentProfile profile, Map<String, Object> options, boolean resume) {
    return ClaudeProgram.of(
        new ProgramRequest(new SessionId(ID), null, profile, options, resume, PATHS));
  }

  private static List<String> command(AgentProfile profile) {
    return program(profile, Map.of(), false).command();
  }

  @Test
  void aNewSessionGetsItsIdAndAnOldOneIsResumed() {
    assertThat(command(Profiles.plain())).containsSequence("--session-id", ID);
    assertThat(program(Profiles.plain(), Map.of(), true).command())
        .containsSequence("--resume", ID)
        .doesNotContain("--session-id");
  }

  @Test
  void anIdThatIsNoUuidStandsForOne() {
    AgentProgram program =
        ClaudeProgram.of(
            new ProgramRequest(
                new SessionId("ses_1"), null, Profiles.plain(), Map.of(), false, PATHS));
    int at = program.command().indexOf("--session-id");
    assertThat(java.util.UUID.fromString(program.command().get(at + 1))).isNotNull();
  }

  @Test
  void thePolicyDecidesWhoIsAsked() {
    assertThat(command(Profiles.with(PermissionPolicy.BYPASS)))
        .contains("--dangerously-skip-permissions")
        .doesNotContain("--permission-prompt-tool");
    assertThat(command(Profiles.with(PermissionPolicy.ASK)))
        .containsSequence("--permission-prompt-tool", "stdio")
        .doesNotContain("--dangerously-skip-permissions", "--disallowedTools");
    assertThat(command(Profiles.with(PermissionPolicy.DENY)))
        .containsSequence("--permission-prompt-tool", "stdio")
        .contains("--disallowedTools");
  }

  @Test
  void mcpServersOfTheWorkspaceNeverCount() {
    assertThat(command(Profiles.plain())).contains("--strict-mcp-config");
  }

  @Test
  void listedToolsAreJoinedByThoseThatTheProfileNeeds() {
    AgentProfile profile =
        new ProfileBuilder()
            .tools(List.of("Read", "mcp__a__b"))
            .subagent(new SubagentDefinition("a", "d", "p", null, null, Map.of()))
            .build();
    assertThat(command(profile)).containsSequence("--tools", "Read,Task");
    assertThat(command(new ProfileBuilder().tools(List.of()).build()))
        .containsSequence("--tools", "");
    assertThat(command(Profiles.plain())).doesNotContain("--tools");
  }

  @Test
  void optionsBecomeArgumentsOrVariables() {
    AgentProgram program =
        program(
            Profiles.plain(),
            Map.of(
                "model",
                "opus",
                "fallbackModel",
                "sonnet,haiku",
                "effort",
                "low",
                "maxTurns",
                3,
                "maxBudgetUsd",
                1.50,
                "maxThinkingTokens",
                0,
                "maxRetries",
                2),
            false);
    assertThat(program.command())
        .containsSequence("--model", "opus")
        .containsSequence("--fallback-model", "sonnet,haiku")
        .containsSequence("--effort", "low")
        .containsSequence("--max-turns", "3")
        .containsSequence("--max-budget-usd", "1.5");
    assertThat(program.environment())
        .containsEntry("MAX_THINKING_TOKENS", "0")
        .containsEntry("CLAUDE_CODE_MAX_RETRIES", "2");
  }

  @Test
  void theProfilesVariablesMayReplaceTheUsualOnesButNotTheFixedOnes() {
    AgentProgram program =
        program(
            new ProfileBuilder().environment(Map.of("CLAUDE_CODE_MAX_RETRIES", "9")).build(),
            Map.of(),
            false);
    assertThat(program.environment())
        .containsEntry("CLAUDE_CODE_MAX_RETRIES", "9")
        .containsEntry("CLAUDE_CONFIG_DIR", "/home/a/.claude")
        .containsEntry("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
  }

  @Test
  void packagesPutTheirCommandsBeforeThePath() {
    AgentProfile profile = new ProfileBuilder().npm(List.of("left-pad")).pip(List.of("x")).build();
    List<String> command = command(profile);
    assertThat(command.subList(0, 2)).containsExactly("sh", "-c");
    assertThat(command)
        .contains(
            "/home/a/.agent-dependencies/npm/node_modules/.bin:/home/a/.agent-dependencies/pip/bin")
        .contains("claude");
  }
}
