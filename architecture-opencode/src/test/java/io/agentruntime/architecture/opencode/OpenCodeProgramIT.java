// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.SubagentConversation;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.ErrorRaised;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.program.AgentMachine;
import io.agentruntime.testkit.program.RunningAgent;
import io.agentruntime.testkit.requirement.RequiresOpenCode;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real program, fed by a scripted model: what the recordings claim is still true of it. It
 * takes seconds to start, so that most tests share one process and one conversation, in any order.
 */
@RequiresOpenCode
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenCodeProgramIT {
  private static final TurnOutcome COMPLETED = new TurnOutcome.Completed();
  private static final TurnOutcome INTERRUPTED = new TurnOutcome.Interrupted();

  private final SessionId id = Recordings.SESSION;
  private Path folder;
  private ScriptedModel model;
  private AgentMachine machine;
  private RunningAgent agent;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    model = ScriptedModel.start(ScriptedModelOptions.defaults());
    machine = machine("shared");
    machine.setUp(id, Profiles.plain(), Map.of(), Transcript.EMPTY);
    agent = machine.start(id, Profiles.plain(), Map.of());
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
    return AgentMachine.in(folder.resolve(name), Programs.at(model.baseUri()));
  }

  /** What the stream led to is what the transcript says. */
  private void assertParity(AgentMachine where, RunningAgent running) throws Exception {
    Conversation decoded =
        new OpenCodeArchitecture().transcripts().decode(where.transcript(id, running.nativeId()));
    assertThat(Parity.of(decoded)).isEqualTo(Parity.of(running.conversation()));
  }

  /** The blocks since there were {@code before} of them. */
  private static List<Block> since(RunningAgent running, int before) {
    return running.blocks().subList(before, running.blocks().size());
  }

  @Test
  void aTurnThinksSpeaksWritesAndRuns() throws Exception {
    int before = agent.blocks().size();
    assertThat(
            agent.ask(
                "[[think:hm]][[text:Hello there]][[write a.txt|hi]][[edit a.txt|hi|ho]]"
                    + "[[bash:echo one; echo two; exit 3]][[text:done]]"))
        .isEqualTo(COMPLETED);
    List<Block> blocks = since(agent, before);
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
            "ToolUse",
            "ToolResult",
            "AssistantText");
    assertThat(blocks).allMatch(block -> block.status() == BlockStatus.COMPLETE);
    assertThat(machine.workspace("a.txt")).hasContent("ho");
    assertThat(String.valueOf(((Block.ToolResult) blocks.get(6)).details().get("diff")))
        .contains("-hi", "+ho");
    assertThat(((Block.ToolUse) blocks.get(7)).input())
        .containsEntry("command", "echo one; echo two; exit 3");
    Block.ToolResult printed = (Block.ToolResult) blocks.get(8);
    assertThat(printed.output()).isEqualTo("one\ntwo\n");
    assertThat(printed.details()).containsEntry("exitCode", 3);
    assertThat(agent.conversation().metadata().usage())
        .matches(usage -> usage != null && usage.inputTokens() > 0);
    assertThat(agent.conversation().metadata().costUsd()).isGreaterThan(BigDecimal.ZERO);
    assertParity(machine, agent);
  }

  @Test
  void whatACommandPrintsIsSeenWhileItRuns() throws Exception {
    agent.say("[[bash:echo early; until test -e go; do sleep 0.05; done; echo late]][[text:x]]");
    agent.await(emission -> emission.event().toString().contains("text=early"));
    Files.createFile(machine.workspace("go"));
    assertThat(agent.awaitOutcome()).isEqualTo(COMPLETED);
    assertParity(machine, agent);
  }

  @Test
  void aTextIsInterruptedKeptAndFollowedByAnotherTurn() throws Exception {
    assertThat(
            agent.askAndInterrupt(
                "[[slow:600,100]]", emission -> emission.event() instanceof BlockDelta))
        .isEqualTo(INTERRUPTED);
    assertThat(agent.lastText()).isNotEmpty();
    assertThat(agent.ask("[[text:next]]")).isEqualTo(COMPLETED);
    assertParity(machine, agent);
  }

  @Test
  void aCommandIsInterruptedAndEnds() throws Exception {
    int before = agent.blocks().size();
    assertThat(
            agent.askAndInterrupt(
                "[[bash:echo started > s; tail -f /dev/null]]",
                emission -> emission.event().toString().contains("tool=RUNNING")))
        .isEqualTo(INTERRUPTED);
    assertThat(since(agent, before))
        .filteredOn(Block.ToolUse.class::isInstance)
        .extracting(block -> ((Block.ToolUse) block).tool())
        .containsExactly(ToolStatus.ERROR);
    assertThat(agent.ask("[[text:next]]")).isEqualTo(COMPLETED);
    assertParity(machine, agent);
  }

  @Test
  void aFailingModelFailsTheTurnAndTheSessionGoesOn() throws Exception {
    assertThat(agent.ask("[[fault:400]]"))
        .isInstanceOfSatisfying(
            TurnOutcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("AGENT_FAILED");
              assertThat(failed.message()).startsWith("The script asked for this failure");
              assertThat(failed.retryable()).isFalse();
            });
    assertThat(agent.session().emissions())
        .anyMatch(emission -> emission.event() instanceof ErrorRaised);
    assertThat(agent.ask("[[text:fine]]")).isEqualTo(COMPLETED);
    assertThat(agent.lastText()).isEqualTo("fine");
  }

  @Test
  void aSubagentHasAConversationOfItsOwn() throws Exception {
    agent.ask("[[subagent:[[think:mm]][[text:Sub says]][[bash:echo x]][[text:fin]]]][[text:main]]");
    SubagentConversation subagent = agent.conversation().subagents().getLast();
    assertThat(subagent.name()).isEqualTo("general");
    assertThat(subagent.agentId()).startsWith("ses_");
    assertThat(subagent.status()).isEqualTo(ToolStatus.SUCCESS);
    assertThat(subagent.output()).isEqualTo("fin");
    assertThat(subagent.blocks())
        .extracting(block -> block.getClass().getSimpleName())
        .containsExactly(
            "UserMessage", "Thinking", "AssistantText", "ToolUse", "ToolResult", "AssistantText");
    assertParity(machine, agent);
  }

  @Test
  void permissionsAreAskedForGivenAndRefused() throws Exception {
    AgentMachine asking = machine("asking");
    asking.setUp(id, Profiles.with(PermissionPolicy.ASK), Map.of(), Transcript.EMPTY);
    try (RunningAgent asker = asking.start(id, Profiles.with(PermissionPolicy.ASK), Map.of())) {
      asker.say("[[write a.txt|hi]][[text:x]]");
      PermissionRequest first = asker.awaitPermissionRequest();
      assertThat(first.toolName()).isEqualTo("write");
      assertThat(first.input()).containsEntry("content", "hi");
      asker.answer(first, true);
      assertThat(asker.awaitOutcome()).isEqualTo(COMPLETED);
      assertThat(asking.workspace("a.txt")).hasContent("hi");

      assertThat(asker.askAndAnswer("[[bash:touch b.txt]][[text:told]]", false))
          .isEqualTo(COMPLETED);
      assertThat(asking.workspace("b.txt")).doesNotExist();
      assertThat(asker.lastText()).isEqualTo("told");

      asker.say("[[bash:touch c.txt]]");
      asker.awaitPermissionRequest();
      asker.interrupt();
      assertThat(asker.awaitOutcome()).isEqualTo(INTERRUPTED);
      assertThat(asking.workspace("c.txt")).doesNotExist();
      assertThat(asker.blocks())
          .filteredOn(Block.ToolUse.class::isInstance)
          .extracting(block -> ((Block.ToolUse) block).tool())
          .containsExactly(ToolStatus.SUCCESS, ToolStatus.ERROR, ToolStatus.ERROR);
      assertParity(asking, asker);
    }
  }

  @Test
  void aKilledProcessAndAFreshSandboxAreFollowedByOneThatRemembers() throws Exception {
    AgentMachine first = machine("killed");
    first.setUp(id, Profiles.plain(), Map.of(), Transcript.EMPTY);
    String nativeId;
    try (RunningAgent killed = first.start(id, Profiles.plain(), Map.of())) {
      killed.ask("[[subagent:[[text:Sub says]]]][[text:one]]");
      nativeId = killed.nativeId();
      killed.say("[[slow:600,100]]");
      killed.await(emission -> emission.event() instanceof BlockDelta);
      killed.kill();
      assertThat(killed.awaitOutcome())
          .isInstanceOfSatisfying(
              TurnOutcome.Failed.class,
              failed -> assertThat(failed.code()).isEqualTo("AGENT_EXITED"));
    }
    Transcript past;
    try (RunningAgent second = first.resume(id, nativeId, Profiles.plain())) {
      assertThat(second.ask("[[bash:echo hi]][[text:two]]")).isEqualTo(COMPLETED);
      past = first.transcript(id, nativeId);
    }
    AgentMachine fresh = machine("fresh");
    fresh.setUp(id, nativeId, Profiles.plain(), Map.of(), past);
    try (RunningAgent third = fresh.resume(id, nativeId, Profiles.plain())) {
      assertThat(third.ask("[[recall]]")).isEqualTo(COMPLETED);
      assertThat(third.blocks()).hasSize(2);
      assertThat(third.lastText()).contains("[[text:one]]", "[[text:two]]");
      assertThat(third.nativeId()).isEqualTo(nativeId);
      Conversation decoded =
          new OpenCodeArchitecture().transcripts().decode(fresh.transcript(id, nativeId));
      assertThat(decoded.subagents())
          .singleElement()
          .satisfies(subagent -> assertThat(subagent.blocks()).hasSize(2));
    }
    try (RunningAgent lost = fresh.resume(id, "ses_unknown", Profiles.plain())) {
      assertThat(lost.ask("[[text:fine]]")).isEqualTo(COMPLETED);
      assertThat(lost.nativeId()).isNotEqualTo("ses_unknown");
      assertThat(lost.session().emissions())
          .anyMatch(emission -> emission.event() instanceof ErrorRaised);
    }
  }
}
