// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.ErrorRaised;
import io.agentruntime.model.event.SessionEvent.PermissionRequested;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.program.AgentMachine;
import io.agentruntime.testkit.program.RunningAgent;
import io.agentruntime.testkit.requirement.RequiresGemini;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program, fed by a scripted model: what the recordings claim is still true of it. */
@RequiresGemini
class GeminiProgramIT {
  @TempDir Path folder;
  private final SessionId id = new SessionId(UUID.randomUUID().toString());
  @AutoClose private ScriptedModel model;
  private AgentMachine machine;

  @BeforeEach
  void startModel() throws Exception {
    model = ScriptedModel.start(ScriptedModelOptions.defaults());
    machine = freshMachine("a");
  }

  private AgentMachine freshMachine(String name) throws Exception {
    return AgentMachine.in(folder.resolve(name), Programs.at(model.baseUri()));
  }

  private RunningAgent start() throws Exception {
    return start(Profiles.plain());
  }

  private RunningAgent start(AgentProfile profile) throws Exception {
    machine.setUp(id, profile, Map.of(), Transcript.EMPTY);
    return machine.start(id, profile, Map.of());
  }

  /** What the stream led to is what the transcript says, as far as it can. */
  private void assertParity(RunningAgent gemini) throws Exception {
    Conversation decoded =
        new GeminiArchitecture().transcripts().decode(machine.transcript(id, gemini.nativeId()));
    assertThat(Parity.of(decoded)).isEqualTo(Parity.of(gemini.conversation()));
  }

  private static List<String> kinds(RunningAgent gemini) {
    return gemini.blocks().stream().map(block -> block.getClass().getSimpleName()).toList();
  }

  @Test
  void aTurnThinksSpeaksWritesAndRunsAndAnotherFollows() throws Exception {
    try (RunningAgent gemini = start()) {
      TurnOutcome outcome =
          gemini.ask(
              "[[think:hm]][[text:Hello there]][[write a.txt|hi]]"
                  + "[[bash:echo one; echo two; exit 3]][[text:done]]");
      assertThat(outcome).isEqualTo(new TurnOutcome.Completed());
      assertThat(kinds(gemini))
          .containsExactly(
              "UserMessage",
              "Thinking",
              "AssistantText",
              "ToolUse",
              "ToolResult",
              "ToolUse",
              "ToolResult",
              "AssistantText");
      assertThat(gemini.blocks()).allMatch(block -> block.status() == BlockStatus.COMPLETE);
      assertThat(machine.workspace("a.txt")).hasContent("hi");
      Block.ToolResult written = (Block.ToolResult) gemini.blocks().get(4);
      assertThat(String.valueOf(written.details().get("diff"))).contains("+hi");
      Block.ToolUse ran = (Block.ToolUse) gemini.blocks().get(5);
      assertThat(ran.input()).containsEntry("command", "echo one; echo two; exit 3");
      Block.ToolResult printed = (Block.ToolResult) gemini.blocks().get(6);
      assertThat(printed.output()).isEqualTo("one\ntwo");
      assertThat(printed.details()).containsEntry("exitCode", 3);
      assertThat(gemini.conversation().metadata().usage())
          .matches(usage -> usage != null && usage.inputTokens() > 0);
      assertThat(gemini.session().emissions())
          .noneMatch(emission -> emission.event() instanceof PermissionRequested);

      gemini.ask("[[recall]]");
      assertThat(gemini.lastText()).contains("Hello there");
      gemini.end();
      assertParity(gemini);
    }
  }

  @Test
  void aTextIsInterruptedAndTheProcessLivesOn() throws Exception {
    try (RunningAgent gemini = start()) {
      assertThat(
              gemini.askAndInterrupt(
                  "[[slow:600,100]]", emission -> emission.event() instanceof BlockDelta))
          .isEqualTo(new TurnOutcome.Interrupted());
      assertThat(gemini.blocks().getLast().status()).isEqualTo(BlockStatus.ERROR);
      assertThat(gemini.ask("[[text:next]]")).isEqualTo(new TurnOutcome.Completed());
      assertParity(gemini);
    }
  }

  @Test
  void aCommandIsInterruptedAndEnds() throws Exception {
    try (RunningAgent gemini = start()) {
      assertThat(
              gemini.askAndInterrupt(
                  "[[bash:echo started > s; tail -f /dev/null]]",
                  emission -> emission.event().toString().contains("tool=RUNNING")))
          .isEqualTo(new TurnOutcome.Interrupted());
      assertThat(gemini.ask("[[text:next]]")).isEqualTo(new TurnOutcome.Completed());
      assertParity(gemini);
    }
  }

  @Test
  void aPermissionIsAskedForGivenAndRefused() throws Exception {
    try (RunningAgent gemini = start(Profiles.with(PermissionPolicy.ASK))) {
      gemini.say("[[write a.txt|hi]][[text:x]]");
      PermissionRequest first = gemini.awaitPermissionRequest();
      assertThat(first.toolName()).isEqualTo("write_file");
      assertThat(first.input().toString()).contains("a.txt", "newText=hi");
      gemini.answer(first, true);
      assertThat(gemini.awaitOutcome()).isEqualTo(new TurnOutcome.Completed());
      assertThat(machine.workspace("a.txt")).hasContent("hi");

      assertThat(gemini.askAndAnswer("[[bash:touch b.txt]][[text:x]]", false))
          .isEqualTo(new TurnOutcome.Completed());
      assertThat(machine.workspace("b.txt")).doesNotExist();
      assertThat(gemini.blocks())
          .filteredOn(Block.ToolUse.class::isInstance)
          .extracting(block -> ((Block.ToolUse) block).tool())
          .containsExactly(ToolStatus.SUCCESS, ToolStatus.ERROR);
      assertParity(gemini);
    }
  }

  @Test
  void aPolicyRefusesAtOnce() throws Exception {
    try (RunningAgent gemini = start(Profiles.with(PermissionPolicy.DENY))) {
      assertThat(gemini.ask("[[write a.txt|hi]][[text:x]]")).isEqualTo(new TurnOutcome.Completed());
      assertThat(machine.workspace("a.txt")).doesNotExist();
    }
  }

  @Test
  void aFailingModelFailsTheTurnAndTheSessionGoesOn() throws Exception {
    try (RunningAgent gemini = start()) {
      assertThat(gemini.ask("[[fault:400]]"))
          .isInstanceOfSatisfying(
              TurnOutcome.Failed.class,
              failed -> {
                assertThat(failed.code()).isEqualTo("AGENT_FAILED");
                assertThat(failed.message()).isEqualTo("The script asked for this failure.");
                assertThat(failed.retryable()).isFalse();
              });
      assertThat(gemini.session().emissions())
          .anyMatch(emission -> emission.event() instanceof ErrorRaised);
      assertThat(gemini.ask("[[text:fine]]")).isEqualTo(new TurnOutcome.Completed());
      assertThat(gemini.lastText()).isEqualTo("fine");
    }
  }

  @Test
  void aSubagentHasAConversationOfItsOwn() throws Exception {
    try (RunningAgent gemini = start()) {
      gemini.ask(
          "[[subagent:[[think:mm]][[text:Sub says]][[bash:echo x]][[text:fin]]]][[text:main]]");
      assertThat(gemini.conversation().subagents())
          .singleElement()
          .satisfies(
              subagent -> {
                assertThat(subagent.name()).isEqualTo("generalist");
                assertThat(subagent.status()).isEqualTo(ToolStatus.SUCCESS);
                assertThat(subagent.output()).isEqualTo("fin");
                assertThat(subagent.blocks())
                    .extracting(block -> block.getClass().getSimpleName())
                    .startsWith("UserMessage", "Thinking", "AssistantText", "ToolUse");
              });
      assertParity(gemini);
    }
  }

  @Test
  void aFreshSandboxRemembersWhatWasSaidBefore() throws Exception {
    Transcript past;
    String nativeId;
    try (RunningAgent gemini = start()) {
      gemini.ask("[[text:one]]");
      gemini.ask("[[bash:echo hi]][[text:two]]");
      nativeId = gemini.nativeId();
      past = machine.transcript(id, nativeId);
    }
    machine = freshMachine("b");
    machine.setUp(id, nativeId, Profiles.plain(), Map.of(), past);
    try (RunningAgent gemini = machine.resume(id, nativeId, Profiles.plain())) {
      gemini.ask("[[recall]]");
      assertThat(kinds(gemini)).containsExactly("UserMessage", "AssistantText");
      assertThat(gemini.lastText()).contains("[[text:one]]", "[[text:two]]");
      assertThat(gemini.nativeId()).isEqualTo(nativeId);
    }
  }

  @Test
  void aProcessThatWasKilledIsFollowedByOneThatRemembers() throws Exception {
    String nativeId;
    try (RunningAgent gemini = start()) {
      gemini.ask("[[text:one]]");
      nativeId = gemini.nativeId();
      gemini.say("[[slow:600,100]]");
      gemini.await(emission -> emission.event() instanceof BlockDelta);
      gemini.kill();
      assertThat(gemini.awaitOutcome())
          .isInstanceOfSatisfying(
              TurnOutcome.Failed.class,
              failed -> assertThat(failed.code()).isEqualTo("AGENT_EXITED"));
    }
    try (RunningAgent gemini = machine.resume(id, nativeId, Profiles.plain())) {
      gemini.ask("[[recall]]");
      assertThat(gemini.lastText()).contains("[[text:one]]");
    }
  }

  @Test
  void aLostConversationIsSaidAndANewOneBegun() throws Exception {
    machine.setUp(id, Profiles.plain(), Map.of(), Transcript.EMPTY);
    String unknown = UUID.randomUUID().toString();
    try (RunningAgent gemini = machine.resume(id, unknown, Profiles.plain())) {
      assertThat(gemini.ask("[[text:fine]]")).isEqualTo(new TurnOutcome.Completed());
      assertThat(gemini.nativeId()).isNotEqualTo(unknown);
      assertThat(gemini.session().emissions())
          .anyMatch(emission -> emission.event() instanceof ErrorRaised);
    }
  }
}
