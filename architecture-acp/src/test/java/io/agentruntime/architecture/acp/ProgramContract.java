// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.ContextRestored;
import io.agentruntime.model.event.SessionEvent.ErrorRaised;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.program.AgentMachine;
import io.agentruntime.testkit.program.RunningAgent;
import io.agentruntime.testkit.program.SampleMcpServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every program that speaks the protocol can do with nothing but a configuration. Programs
 * take seconds to start, so that tests that need nothing of their own share one process, in any
 * order.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ProgramContract {
  private static final TurnOutcome COMPLETED = new TurnOutcome.Completed();

  private final SessionId id = new SessionId(UUID.randomUUID().toString());
  private final Programs program;
  private Path folder;
  private ScriptedModel model;
  private AgentMachine machine;
  private RunningAgent agent;

  ProgramContract(Programs program) {
    this.program = program;
  }

  /** The name under which the program offers a tool of an MCP server. */
  abstract String mcpTool(String server, String tool);

  /** Whether what a command printed is told. */
  abstract boolean tellsOutput();

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    model = ScriptedModel.start(ScriptedModelOptions.defaults());
    AgentProfile profile =
        program
            .profile()
            .rule(new Rule("main", "MAIN-RULE", List.of(), true, Map.of()))
            .mcpServer(SampleMcpServer.bundled("bundled"))
            .build();
    machine = machine("shared");
    machine.setUp(id, profile, Map.of(), Transcript.EMPTY);
    agent = machine.start(id, profile, Map.of());
  }

  @AfterAll
  void stop() throws Exception {
    try (ScriptedModel last = model) {
      if (agent != null) {
        agent.close();
      }
    }
  }

  private AgentMachine machine(String name) throws Exception {
    return AgentMachine.in(folder.resolve(name), program.at(model.baseUri()));
  }

  /** The blocks of one kind since there were {@code before} blocks. */
  private static <B extends Block> List<B> blocks(RunningAgent running, int before, Class<B> kind) {
    return running.blocks().stream().skip(before).filter(kind::isInstance).map(kind::cast).toList();
  }

  private static String said(RunningAgent running) {
    return running.blocks().stream()
        .filter(Block.AssistantText.class::isInstance)
        .map(block -> ((Block.AssistantText) block).text())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void aTurnThinksSpeaksWritesAndRunsAndIsInterruptedAndGoesOn() throws Exception {
    int before = agent.blocks().size();
    assertThat(
            agent.ask(
                "[[think:hm]][[text:Hello there]][[write a.txt|hi]]"
                    + "[[bash:echo one; echo two; exit 3]][[text:done]]"))
        .isEqualTo(COMPLETED);
    List<Block> blocks = blocks(agent, before, Block.class);
    assertThat(blocks)
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
    assertThat(blocks).allMatch(block -> block.status() == BlockStatus.COMPLETE);
    assertThat(machine.workspace("a.txt")).hasContent("hi");
    assertThat(blocks(agent, before, Block.ToolUse.class))
        .extracting(Block.ToolUse::toolName)
        .containsExactly("edit", "execute");
    if (tellsOutput()) {
      Block.ToolResult printed = blocks(agent, before, Block.ToolResult.class).getLast();
      assertThat(printed.output().strip()).isEqualTo("one\ntwo");
      assertThat(printed.details()).containsEntry("exitCode", 3);
      assertThat(agent.conversation().metadata().costUsd()).isPositive();
    }
    assertThat(agent.conversation().metadata().usage())
        .matches(usage -> usage != null && usage.inputTokens() > 0 && usage.outputTokens() > 0);

    assertThat(
            agent.askAndInterrupt(
                "[[slow:600,100]]", emission -> emission.event() instanceof BlockDelta))
        .isEqualTo(new TurnOutcome.Interrupted());
    assertThat(agent.ask("[[text:next]]")).isEqualTo(COMPLETED);
    assertThat(said(agent)).endsWith("next");
  }

  @Test
  void aFailingModelFailsTheTurnAndTheSessionGoesOn() throws Exception {
    assertThat(agent.ask("[[fault:400]]"))
        .isInstanceOfSatisfying(
            TurnOutcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("AGENT_FAILED");
              assertThat(failed.message()).contains("The script asked for this failure");
            });
    assertThat(agent.session().emissions())
        .anyMatch(emission -> emission.event() instanceof ErrorRaised);
    assertThat(agent.ask("[[text:fine]]")).isEqualTo(COMPLETED);
    assertThat(said(agent)).endsWith("fine");
  }

  @Test
  void aServerOfTheProfileIsCalledAndItsRulesAreFollowed() throws Exception {
    String call = "[[find:MAIN-RULE]][[tool:" + mcpTool("bundled", "greet") + "|{}]][[result]]";
    assertThat(agent.ask(call)).isEqualTo(COMPLETED);
    assertThat(said(agent)).contains("Found: MAIN-RULE").contains("bundled says hello");
  }

  @Test
  void aPermissionIsAskedForGivenAndRefused() throws Exception {
    AgentProfile profile = program.profile(PermissionPolicy.ASK);
    AgentMachine asking = machine("asking");
    asking.setUp(id, profile, Map.of(), Transcript.EMPTY);
    try (RunningAgent asker = asking.start(id, profile, Map.of())) {
      asker.say("[[write a.txt|hi]][[text:x]]");
      PermissionRequest first = asker.awaitPermissionRequest();
      assertThat(first.toolName()).isEqualTo("edit");
      assertThat(first.input().toString()).contains("a.txt");
      asker.answer(first, true);
      assertThat(asker.awaitOutcome()).isEqualTo(COMPLETED);
      assertThat(asking.workspace("a.txt")).hasContent("hi");

      assertThat(asker.askAndAnswer("[[bash:touch b.txt]][[text:x]]", false)).isEqualTo(COMPLETED);
      assertThat(asking.workspace("b.txt")).doesNotExist();
      assertThat(blocks(asker, 0, Block.ToolUse.class))
          .extracting(Block.ToolUse::tool)
          .containsExactly(ToolStatus.SUCCESS, ToolStatus.ERROR);
    }
  }

  @Test
  void afterAKillAndInAFreshSandboxItRemembersWhatWasSaid() throws Exception {
    AgentProfile profile = program.profile(PermissionPolicy.BYPASS);
    AgentMachine first = machine("first");
    first.setUp(id, profile, Map.of(), Transcript.EMPTY);
    Transcript past;
    String nativeId;
    try (RunningAgent killed = first.start(id, profile, Map.of())) {
      assertThat(killed.ask("[[text:one]]")).isEqualTo(COMPLETED);
      killed.say("[[slow:600,100]]");
      killed.await(emission -> emission.event() instanceof BlockDelta);
      killed.kill();
      assertThat(killed.awaitOutcome())
          .isInstanceOfSatisfying(
              TurnOutcome.Failed.class,
              failed -> assertThat(failed.code()).isEqualTo("AGENT_EXITED"));
      nativeId = killed.nativeId();
    }
    try (RunningAgent second = first.resume(id, nativeId, profile)) {
      assertThat(second.ask("[[bash:echo hi]][[text:two]]")).isEqualTo(COMPLETED);
      past = first.transcript(id, nativeId);
    }
    assertThat(past.isEmpty()).isFalse();
    AgentMachine fresh = machine("fresh");
    fresh.setUp(id, nativeId, profile, Map.of(), past);
    try (RunningAgent third = fresh.resume(id, nativeId, profile)) {
      assertThat(third.ask("[[recall]]")).isEqualTo(COMPLETED);
      assertThat(third.blocks())
          .extracting(block -> block.getClass().getSimpleName())
          .containsExactly("UserMessage", "AssistantText");
      assertThat(said(third)).contains("[[text:one]]", "[[text:two]]");
      assertThat(third.nativeId()).isEqualTo(nativeId);
    }
    assertAConversationThatIsGoneIsSaidAndANewOneBegun(fresh, profile);
  }

  private void assertAConversationThatIsGoneIsSaidAndANewOneBegun(
      AgentMachine where, AgentProfile profile) throws Exception {
    String unknown = UUID.randomUUID().toString();
    try (RunningAgent lost = where.resume(id, unknown, profile)) {
      assertThat(lost.ask("[[text:fine]]")).isEqualTo(COMPLETED);
      assertThat(lost.nativeId()).isNotEqualTo(unknown);
      assertThat(lost.session().emissions())
          .anyMatch(
              emission ->
                  emission.event() instanceof ContextRestored restored
                      && restored.fidelity().equals("workspace-only"));
    }
  }
}
