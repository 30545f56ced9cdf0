// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.Plugin;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.SubagentDefinition;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupCommand;
import io.agentruntime.spi.architecture.SetupRequest;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ClaudeSetupTest {
  private static final String ID = "11111111-1111-4111-8111-111111111111";

  private static SandboxSetup setup(AgentProfile profile, String workspace, Transcript past) {
    return new ClaudeArchitecture()
        .setup(
            new SetupRequest(
                new SessionId(ID),
                null,
                profile,
                Map.of(),
                past,
                new SandboxPaths(workspace, "/home/a", "/scratch")));
  }

  private static FileUpload file(SandboxSetup setup, String path) {
    return setup.files().stream()
        .filter(file -> file.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new AssertionError(path + " is not among " + setup.files()));
  }

  private static String text(SandboxSetup setup, String path) throws Exception {
    return new String(
        Objects.requireNonNull(file(setup, path).content()).readAll(), StandardCharsets.UTF_8);
  }

  @Test
  void theWorkspaceStaysTheUsers() {
    SandboxSetup setup =
        setup(
            new ProfileBuilder()
                .systemPrompt("s")
                .rule(new Rule("r", "c", List.of(), false, Map.of()))
                .mcpServer(new McpServer.Stdio("m", "c", List.of(), Map.of()))
                .build(),
            "/workspace",
            Transcript.EMPTY);
    assertThat(setup.files()).noneMatch(file -> file.path().startsWith("/workspace"));
    assertThat(setup.unkeptPaths()).isEmpty();
  }

  @Test
  void frontMatterIsYamlWhateverTheTextsHold() throws Exception {
    SandboxSetup setup =
        setup(
            new ProfileBuilder()
                .subagent(
                    new SubagentDefinition(
                        "a",
                        "says: \"no\"\n---\nyes",
                        "prompt",
                        "haiku",
                        List.of("Read", "Grep"),
                        Map.of("color", "red")))
                .rule(new Rule("py", "tabs", List.of("**/*.py"), false, Map.of()))
                .build(),
            "/workspace",
            Transcript.EMPTY);
    assertThat(text(setup, "/home/a/.claude/agents/a.md"))
        .isEqualTo(
            """
            ---
            name: "a"
            description: "says: \\"no\\"\\n---\\nyes"
            model: "haiku"
            tools: "Read, Grep"
            color: "red"
            ---
            prompt
            """);
    assertThat(text(setup, "/home/a/.claude/rules/py.md"))
        .isEqualTo("---\npaths: [\"**/*.py\"]\n---\ntabs\n");
  }

  @Test
  void secretsOfMcpServersAreForTheUserAlone() {
    SandboxSetup setup =
        setup(
            new ProfileBuilder()
                .mcpServer(new McpServer.Http("m", "https://x", "sse", Map.of("K", "v")))
                .build(),
            "/workspace",
            Transcript.EMPTY);
    assertThat(file(setup, "/scratch/claude/mcp.json").mode()).isEqualTo(0600);
  }

  @Test
  void theTranscriptsFolderFollowsTheWorkspaceEvenWithOddNames() throws Exception {
    Transcript past =
        new Transcript(
            List.of(
                new TranscriptEntry("-old-place/" + ID + ".jsonl", "main"),
                new TranscriptEntry("-old-place/" + ID + "/subagents/agent-x.jsonl", "sub"),
                new TranscriptEntry("agent-y.jsonl", "old layout"),
                new TranscriptEntry(ID + "/tool-results/z.txt", "long output")));
    SandboxSetup setup = setup(Profiles.plain(), "/data/my_work space.d", past);
    String folder = "/home/a/.claude/projects/-data-my-work-space-d/";
    assertThat(text(setup, folder + ID + ".jsonl")).isEqualTo("main");
    assertThat(file(setup, folder + ID + ".jsonl").mode()).isEqualTo(0600);
    assertThat(text(setup, folder + ID + "/subagents/agent-x.jsonl")).isEqualTo("sub");
    assertThat(text(setup, folder + "agent-y.jsonl")).isEqualTo("old layout");
    assertThat(text(setup, folder + ID + "/tool-results/z.txt")).isEqualTo("long output");
  }

  @Test
  void commandsAreArgumentListsAndEachMarketplaceIsAddedOnce() {
    Map<String, Object> market = Map.of("type", "github", "name", "m", "repo", "owner/m");
    SandboxSetup setup =
        setup(
            new ProfileBuilder()
                .plugin(new Plugin("one", market))
                .plugin(new Plugin("two", market))
                .npm(List.of("a@1"))
                .build(),
            "/workspace",
            Transcript.EMPTY);
    assertThat(setup.commands())
        .extracting(SetupCommand::command)
        .containsExactly(
            List.of(
                "npm",
                "install",
                "--no-fund",
                "--no-audit",
                "--prefix",
                "/home/a/.agent-dependencies/npm",
                "--",
                "a@1"),
            List.of("claude", "plugin", "marketplace", "add", "owner/m"),
            List.of("claude", "plugin", "install", "one@m"),
            List.of("claude", "plugin", "install", "two@m"));
  }
}
