// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Plugin;
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
import io.agentruntime.testkit.requirement.Requirement;
import io.agentruntime.testkit.requirement.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every part of a profile reaches the real program: the scripted model says what it finds in the
 * prompts that it is given.
 */
@Requires({Requirement.CLAUDE, Requirement.NODE})
class ClaudeProfileIT {
  @TempDir Path folder;
  private final SessionId id = new SessionId(UUID.randomUUID().toString());
  @AutoClose private ScriptedModel model;
  private AgentMachine machine;

  @BeforeEach
  void startModel() throws Exception {
    model = ScriptedModel.start(ScriptedModelOptions.defaults());
    machine = AgentMachine.in(folder.resolve("a b_c"), Programs.at(model.baseUri()));
  }

  private String ask(AgentProfile profile, Map<String, Object> options, String... messages)
      throws Exception {
    return machine.converse(id, profile, options, messages);
  }

  @Test
  void instructionsReachTheModel() throws Exception {
    Files.writeString(machine.workspace("CLAUDE.md"), "WORKSPACE-RULE");
    Files.writeString(machine.workspace("x.py"), "print(1)\n");
    AgentProfile profile =
        new ProfileBuilder()
            .systemPrompt("SYSTEM-PROMPT You are a test.")
            .rule(new Rule("main", "MAIN-RULE", List.of(), true, Map.of()))
            .rule(new Rule("always", "ALWAYS-RULE", List.of(), false, Map.of()))
            .rule(new Rule("python", "PYTHON-RULE", List.of("**/*.py"), false, Map.of()))
            .build();
    String before =
        ask(
            profile,
            Map.of(),
            "[[find:SYSTEM-PROMPT]] [[find:MAIN-RULE]] [[find:ALWAYS-RULE]] [[find:PYTHON-RULE]]"
                + " [[find:WORKSPACE-RULE]]",
            "[[read:x.py]][[find:PYTHON-RULE]]");
    assertThat(before)
        .contains("Found: SYSTEM-PROMPT")
        .contains("Found: MAIN-RULE")
        .contains("Found: ALWAYS-RULE")
        .contains("Found: WORKSPACE-RULE")
        .contains("Not found: PYTHON-RULE")
        .contains("Found: PYTHON-RULE");
  }

  @Test
  void skillsCommandsAndSubagentsAreThere() throws Exception {
    AgentProfile profile =
        new ProfileBuilder()
            .tools(List.of("Read", "Bash"))
            .skill(
                new Skill(
                    "greet",
                    "SKILL-DESCRIPTION: \"says\" hello\nto people",
                    "SKILL-BODY $ARGUMENTS",
                    List.of(
                        ProfileFile.text("data/names.txt", "Ann"),
                        new ProfileFile(
                            new io.agentruntime.model.workspace.WorkspacePath("run.sh"),
                            "#!/bin/sh\necho SKILL-SCRIPT\n",
                            false,
                            true)),
                    List.of(),
                    List.of(),
                    Map.of("allowed-tools", "Bash")))
            .command(
                new CommandDefinition(
                    "hello", "COMMAND-DESCRIPTION", "[[text:COMMAND-RAN]] $ARGUMENTS", Map.of()))
            .subagent(
                new SubagentDefinition(
                    "reviewer",
                    "AGENT-DESCRIPTION: reviews",
                    "AGENT-PROMPT",
                    "haiku",
                    List.of("Read", "Grep"),
                    Map.of("color", "blue")))
            .build();
    String said =
        ask(
            profile,
            Map.of(),
            "[[find:SKILL-DESCRIPTION]] [[find:AGENT-DESCRIPTION]] [[tools]]",
            "[[tool Skill|{\"skill\":\"greet\",\"args\":\"Bob\"}]][[text:x]]",
            "[[bash:'" + machine.paths().home() + "/.claude/skills/greet/run.sh']]",
            "/hello you",
            "[[tool Agent|{\"description\":\"d\",\"prompt\":\"[[find:AGENT-PROMPT]][[tools]]\","
                + "\"subagent_type\":\"reviewer\",\"run_in_background\":false}]][[text:x]]");
    assertThat(said)
        .contains("Found: SKILL-DESCRIPTION")
        .contains("Found: AGENT-DESCRIPTION")
        .contains("skill greetSKILL-BODY Bob")
        .contains("SKILL-SCRIPT")
        .contains("COMMAND-RAN")
        .contains("Found: AGENT-PROMPT")
        .contains("Tools: Read, Grep")
        .doesNotContain("Write");
    assertThat(Path.of(machine.paths().home(), ".claude/skills/greet/data/names.txt"))
        .hasContent("Ann");
  }

  @Test
  void mcpServersRunBundledOrNotAndFailuresAreSeen() throws Exception {
    try (SampleWebMcpServer web = SampleWebMcpServer.start()) {
      String server = SampleMcpServer.source("BUNDLED");
      AgentProfile profile =
          new ProfileBuilder()
              .mcpServer(
                  new McpServer.Bundled(
                      "bundled",
                      "a sample",
                      List.of(ProfileFile.text("server/index.js", server)),
                      "echo installed > installed.txt",
                      "test -f installed.txt && node server/index.js",
                      Map.of("GREETING", "hi $HOME")))
              .mcpServer(
                  new McpServer.Stdio(
                      "plain",
                      "node",
                      List.of("-e", SampleMcpServer.source("PLAIN")),
                      Map.of("GREETING", "ho")))
              .mcpServer(
                  new McpServer.Http(
                      "web", web.uri().toString(), "http", Map.of("X-Key", "key-of-the-server")))
              .mcpServer(
                  new McpServer.Http(
                      "broken", "http://127.0.0.1:1/mcp", "http", Map.of("X-Key", "secret")))
              .build();
      String said =
          ask(
              profile,
              Map.of(),
              "[[tool mcp__bundled__greet|{}]][[text:x]]",
              "[[tool mcp__plain__greet|{}]][[text:x]]",
              "[[tool mcp__web__greet|{}]][[text:x]]");
      assertThat(said)
          .contains("WEB says key-of-the-server")
          .contains("BUNDLED says hi $HOME")
          .contains("PLAIN says ho")
          .contains("MCP servers that are not available: broken");
    }
  }

  @Test
  void hooksRun() throws Exception {
    Path log = folder.resolve("hook.log");
    AgentProfile profile =
        new ProfileBuilder()
            .hooks(
                Map.of(
                    "PreToolUse",
                    List.of(
                        Map.of(
                            "matcher",
                            "Bash",
                            "hooks",
                            List.of(
                                Map.of(
                                    "type", "command", "command", "echo ran >> '" + log + "'")))),
                    "SessionStart",
                    List.of(
                        Map.of(
                            "hooks",
                            List.of(Map.of("type", "command", "command", "echo HOOK-CONTEXT"))))))
            .build();
    assertThat(ask(profile, Map.of(), "[[find:HOOK-CONTEXT]][[bash:true]][[text:x]]"))
        .contains("Found: HOOK-CONTEXT");
    assertThat(log).hasContent("ran\n");
  }

  @Test
  void pluginsAreInstalledFromTheirMarketplace() throws Exception {
    Path market = folder.resolve("market");
    write(
        market.resolve(".claude-plugin/marketplace.json"),
        "{\"name\":\"samples\",\"owner\":{\"name\":\"o\"},\"plugins\":[{\"name\":\"sample\","
            + "\"source\":\"./sample\",\"description\":\"d\"}]}");
    write(
        market.resolve("sample/.claude-plugin/plugin.json"),
        "{\"name\":\"sample\",\"version\":\"1.0.0\",\"description\":\"d\"}");
    write(
        market.resolve("sample/commands/shout.md"),
        "---\ndescription: shouts\n---\n[[text:PLUGIN-RAN]]\n");
    AgentProfile profile =
        new ProfileBuilder()
            .plugin(
                new Plugin(
                    "sample",
                    Map.of("type", "local", "name", "samples", "path", market.toString())))
            .build();
    assertThat(ask(profile, Map.of(), "/sample:shout")).contains("PLUGIN-RAN");
  }

  private static void write(Path file, String text) throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void variablesAndOptionsReachTheProgram() throws Exception {
    AgentProfile profile =
        new ProfileBuilder()
            .environment(Map.of("MY_SETTING", "VARIABLE-SEEN"))
            .permissions(PermissionPolicy.BYPASS)
            .build();
    Map<String, Object> options =
        Map.of("model", "claude-haiku-4-5", "effort", "high", "maxThinkingTokens", 2048);
    assertThat(ask(profile, options, "[[bash:echo $MY_SETTING]][[text:x]]"))
        .contains("VARIABLE-SEEN")
        .contains("claude-haiku-4-5");
    assertThat(model.requests())
        .filteredOn(request -> request.body().contains("VARIABLE-SEEN"))
        .isNotEmpty()
        .allMatch(request -> request.body().contains("\"claude-haiku-4-5\""));
  }

  @Test
  void npmPackagesAreInstalledOutsideOfTheWorkspace() throws Exception {
    Path sample = folder.resolve("sample-package");
    write(
        sample.resolve("package.json"),
        "{\"name\":\"sample\",\"version\":\"1.0.0\",\"main\":\"index.js\","
            + "\"bin\":{\"sample-command\":\"bin.js\"}}");
    write(sample.resolve("index.js"), "module.exports = 'MODULE-FOUND';\n");
    write(sample.resolve("bin.js"), "#!/usr/bin/env node\nconsole.log('COMMAND-FOUND');\n");
    AgentProfile profile = new ProfileBuilder().npm(List.of("file:" + sample)).build();
    assertThat(
            ask(
                profile,
                Map.of(),
                "[[bash:sample-command; node -p \"require('sample')\"]][[text:x]]"))
        .contains("COMMAND-FOUND")
        .contains("MODULE-FOUND");
    assertThat(machine.workspace("node_modules")).doesNotExist();
  }

  @Test
  void aLimitOnModelCallsFailsTheTurn() throws Exception {
    AgentProfile profile = new ProfileBuilder().build();
    machine.setUp(id, profile, Map.of("maxTurns", 1), Transcript.EMPTY);
    try (RunningAgent claude = machine.start(id, profile, Map.of("maxTurns", 1))) {
      assertThat(claude.ask("[[bash:true]][[text:x]]")).isInstanceOf(TurnOutcome.Failed.class);
    }
  }

  @Test
  void projectSettingsOfTheWorkspaceCountOnlyWhenAskedFor() throws Exception {
    write(
        machine.workspace(".claude/commands/local.md"),
        "---\ndescription: d\n---\n[[text:LOCAL-RAN]]\n");
    write(
        machine.workspace(".mcp.json"),
        "{\"mcpServers\":{\"evil\":{\"command\":\"touch\",\"args\":[\""
            + folder.resolve("evil")
            + "\"]}}}");
    assertThat(ask(new ProfileBuilder().build(), Map.of(), "/local")).doesNotContain("LOCAL-RAN");
    assertThat(folder.resolve("evil")).doesNotExist();
    Map<String, Object> options = Map.of("settingSources", List.of("user", "project"));
    try (RunningAgent claude =
        machine.start(
            new SessionId(UUID.randomUUID().toString()), new ProfileBuilder().build(), options)) {
      claude.ask("/local");
      assertThat(claude.text()).contains("LOCAL-RAN");
    }
    assertThat(folder.resolve("evil")).doesNotExist();
  }
}
