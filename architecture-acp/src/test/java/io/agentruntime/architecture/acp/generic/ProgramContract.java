package io.agentruntime.architecture.acp.generic;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.ContextRestored;
import io.agentruntime.model.event.SessionEvent.ErrorRaised;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.program.AgentMachine;
import io.agentruntime.testkit.program.RunningAgent;
import io.agentruntime.testkit.program.SampleMcpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every program that speaks the protocol can do with nothing but a configuration. */
abstract class ProgramContract {
  @TempDir Path folder;
  private final SessionId id = new SessionId(UUID.randomUUID().toString());
  private final Programs program;
  private ScriptedModel model;
  private AgentMachine machine;

  ProgramContract(Programs program) {
    this.program = program;
  }

  /** The name under which the program offers a tool of an MCP server. */
  abstract String mcpTool(String server, String tool);

  /** Whether what a command printed is told. */
  abstract boolean tellsOutput();

  @BeforeEach
  void startModel() throws Exception {
    model = ScriptedModel.start(ScriptedModelOptions.defaults());
    machine = freshMachine("a");
  }

  @AfterEach
  void stopModel() throws Exception {
    model.close();
  }

  private AgentMachine freshMachine(String name) throws Exception {
    return AgentMachine.in(
        Files.createDirectory(folder.resolve(name)), program.at(model.baseUri()));
  }

  private RunningAgent start(AgentProfile profile) throws Exception {
    machine.setUp(id, profile, Map.of(), Transcript.EMPTY);
    return machine.start(id, profile, Map.of());
  }

  private RunningAgent start() throws Exception {
    return start(program.profile(PermissionPolicy.BYPASS));
  }

  private static String said(RunningAgent agent) {
    return agent.blocks().stream()
        .filter(Block.AssistantText.class::isInstance)
        .map(block -> ((Block.AssistantText) block).text())
        .collect(Collectors.joining("\n"));
  }

  private static <B extends Block> List<B> blocks(RunningAgent agent, Class<B> kind) {
    return agent.blocks().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void aTurnThinksSpeaksWritesAndRunsAndIsInterruptedAndGoesOn() throws Exception {
    try (RunningAgent agent = start()) {
      assertThat(
              agent.ask(
                  "[[think:hm]][[text:Hello there]][[write a.txt|hi]]"
                      + "[[bash:echo one; echo two; exit 3]][[text:done]]"))
          .isEqualTo(new TurnOutcome.Completed());
      assertThat(agent.blocks())
          .extracting(block -> block.getClass().getSimpleName())
          .containsExactly(
              "UserMessage",
              "Thinking",
              "AssistantText",
              "ToolUse",
              "ToolResult",
              "ToolUse",
              "ToolResult",
              "AssistantText");
      assertThat(agent.blocks()).allMatch(block -> block.status() == BlockStatus.COMPLETE);
      assertThat(machine.workspace("a.txt")).hasContent("hi");
      assertThat(blocks(agent, Block.ToolUse.class))
          .extracting(Block.ToolUse::toolName)
          .containsExactly("edit", "execute");
      if (tellsOutput()) {
        Block.ToolResult printed = blocks(agent, Block.ToolResult.class).getLast();
        assertThat(printed.output().strip()).isEqualTo("one\ntwo");
        assertThat(printed.details()).containsEntry("exitCode", 3);
        assertThat(agent.conversation().metadata().costUsd()).isPositive();
      }
      assertThat(agent.conversation().metadata().usage())
          .matches(usage -> usage != null && usage.inputTokens() > 0 && usage.outputTokens() > 0);

      agent.say("[[slow:600,100]]");
      agent.await(emission -> emission.event() instanceof BlockDelta);
      agent.interrupt();
      assertThat(agent.awaitOutcome()).isEqualTo(new TurnOutcome.Interrupted());
      assertThat(agent.ask("[[text:next]]")).isEqualTo(new TurnOutcome.Completed());
      assertThat(said(agent)).endsWith("next");
    }
  }

  @Test
  void aFailingModelFailsTheTurnAndTheSessionGoesOn() throws Exception {
    try (RunningAgent agent = start()) {
      assertThat(agent.ask("[[fault:400]]"))
          .isInstanceOfSatisfying(
              TurnOutcome.Failed.class,
              failed -> {
                assertThat(failed.code()).isEqualTo("AGENT_FAILED");
                assertThat(failed.message()).contains("The script asked for this failure");
              });
      assertThat(agent.session().emissions())
          .anyMatch(emission -> emission.event() instanceof ErrorRaised);
      assertThat(agent.ask("[[text:fine]]")).isEqualTo(new TurnOutcome.Completed());
      assertThat(said(agent)).endsWith("fine");
    }
  }

  @Test
  void aPermissionIsAskedForGivenAndRefused() throws Exception {
    try (RunningAgent agent = start(program.profile(PermissionPolicy.ASK))) {
      agent.say("[[write a.txt|hi]][[text:x]]");
      PermissionRequest first = agent.awaitPermissionRequest();
      assertThat(first.toolName()).isEqualTo("edit");
      assertThat(first.input().toString()).contains("a.txt");
      agent.answer(first, true);
      assertThat(agent.awaitOutcome()).isEqualTo(new TurnOutcome.Completed());
      assertThat(machine.workspace("a.txt")).hasContent("hi");

      agent.say("[[bash:touch b.txt]][[text:x]]");
      agent.answer(agent.awaitPermissionRequest(), false);
      assertThat(agent.awaitOutcome()).isEqualTo(new TurnOutcome.Completed());
      assertThat(machine.workspace("b.txt")).doesNotExist();
      assertThat(blocks(agent, Block.ToolUse.class))
          .extracting(Block.ToolUse::tool)
          .containsExactly(ToolStatus.SUCCESS, ToolStatus.ERROR);
    }
  }

  @Test
  void afterAKillAndInAFreshSandboxItRemembersWhatWasSaid() throws Exception {
    AgentProfile profile = program.profile(PermissionPolicy.BYPASS);
    Transcript past;
    String nativeId;
    try (RunningAgent agent = start(profile)) {
      assertThat(agent.ask("[[text:one]]")).isEqualTo(new TurnOutcome.Completed());
      agent.say("[[slow:600,100]]");
      agent.await(emission -> emission.event() instanceof BlockDelta);
      agent.kill();
      assertThat(agent.awaitOutcome())
          .isInstanceOfSatisfying(
              TurnOutcome.Failed.class,
              failed -> assertThat(failed.code()).isEqualTo("AGENT_EXITED"));
      nativeId = agent.nativeId();
    }
    try (RunningAgent agent = machine.resume(id, nativeId, profile)) {
      assertThat(agent.ask("[[bash:echo hi]][[text:two]]")).isEqualTo(new TurnOutcome.Completed());
      past = machine.transcript(id, nativeId);
    }
    assertThat(past.isEmpty()).isFalse();
    machine = freshMachine("b");
    machine.setUp(id, nativeId, profile, Map.of(), past);
    try (RunningAgent agent = machine.resume(id, nativeId, profile)) {
      assertThat(agent.ask("[[recall]]")).isEqualTo(new TurnOutcome.Completed());
      assertThat(agent.blocks())
          .extracting(block -> block.getClass().getSimpleName())
          .containsExactly("UserMessage", "AssistantText");
      assertThat(said(agent)).contains("[[text:one]]", "[[text:two]]");
      assertThat(agent.nativeId()).isEqualTo(nativeId);
    }
  }

  @Test
  void aConversationThatIsGoneIsSaidAndANewOneBegun() throws Exception {
    AgentProfile profile = program.profile(PermissionPolicy.BYPASS);
    machine.setUp(id, profile, Map.of(), Transcript.EMPTY);
    String unknown = UUID.randomUUID().toString();
    try (RunningAgent agent = machine.resume(id, unknown, profile)) {
      assertThat(agent.ask("[[text:fine]]")).isEqualTo(new TurnOutcome.Completed());
      assertThat(agent.nativeId()).isNotEqualTo(unknown);
      assertThat(agent.session().emissions())
          .anyMatch(
              emission ->
                  emission.event() instanceof ContextRestored restored
                      && restored.fidelity().equals("workspace-only"));
    }
  }

  @Test
  void aServerOfTheProfileIsCalledAndItsRulesAreFollowed() throws Exception {
    AgentProfile profile =
        program
            .profile()
            .rule(new Rule("main", "MAIN-RULE", List.of(), true, Map.of()))
            .mcpServer(
                new McpServer.Bundled(
                    "bundled",
                    null,
                    List.of(ProfileFile.text("server.js", SampleMcpServer.source("bundled"))),
                    "touch installed",
                    "test -e installed && exec node server.js",
                    Map.of("GREETING", "hello")))
            .build();
    try (RunningAgent agent = start(profile)) {
      assertThat(
              agent.ask(
                  "[[find:MAIN-RULE]][[tool:" + mcpTool("bundled", "greet") + "|{}]][[result]]"))
          .isEqualTo(new TurnOutcome.Completed());
      assertThat(said(agent)).contains("Found: MAIN-RULE").contains("bundled says hello");
    }
  }
}
