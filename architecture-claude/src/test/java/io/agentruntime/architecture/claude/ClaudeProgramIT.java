// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.SubagentConversation;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.ErrorRaised;
import io.agentruntime.model.event.SessionEvent.PermissionRequested;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.spi.architecture.ProgramRequest;
import io.agentruntime.testkit.program.AgentMachine;
import io.agentruntime.testkit.program.RunningAgent;
import io.agentruntime.testkit.requirement.RequiresClaude;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program, fed by a scripted model: what the recordings claim is still true of it. */
@RequiresClaude
class ClaudeProgramIT {
  private static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
          + "gg==";

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
    return start(Profiles.plain(), Map.of());
  }

  private RunningAgent start(AgentProfile profile, Map<String, Object> options) throws Exception {
    machine.setUp(id, profile, options, Transcript.EMPTY);
    return machine.start(id, profile, options);
  }

  /** What the stream led to is what the transcript says, as far as it can. */
  private void assertParity(RunningAgent claude) throws Exception {
    assertThat(Parity.of(decoded())).isEqualTo(Parity.of(claude.conversation()));
  }

  private Conversation decoded() throws Exception {
    return new ClaudeArchitecture().transcripts().decode(machine.transcript(id, null));
  }

  @Test
  void aTurnThinksSpeaksWritesAndRuns() throws Exception {
    try (RunningAgent claude = start()) {
      TurnOutcome outcome =
          claude.ask(
              "[[think:hm]][[text:Hello there]][[write a.txt|hi]][[bash:echo one; echo two]]"
                  + "[[text:done]]");
      assertThat(outcome).isEqualTo(new TurnOutcome.Completed());
      assertThat(claude.blocks())
          .extracting(block -> block.getClass().getSimpleName())
          .containsExactly(
              "UserMessage",
              "SystemNote",
              "Thinking",
              "AssistantText",
              "ToolUse",
              "ToolResult",
              "ToolUse",
              "ToolResult",
              "AssistantText");
      assertThat(claude.blocks()).allMatch(block -> block.status() == BlockStatus.COMPLETE);
      assertThat(machine.workspace("a.txt")).hasContent("hi");
      assertThat(claude.conversation().metadata().costUsd())
          .isPositive()
          .satisfies(cost -> assertThat(cost.scale()).isBetween(0, 6));
      assertThat(claude.session().emissions())
          .noneMatch(emission -> emission.event() instanceof PermissionRequested);
      claude.end();
      assertParity(claude);
    }
  }

  @Test
  void oneProcessServesManyTurnsAndARestartKnowsThem() throws Exception {
    Conversation before;
    try (RunningAgent claude = start()) {
      claude.ask("[[text:one]]");
      claude.ask("[[bash:exit 3]][[text:two]]");
      assertThat(claude.blocks())
          .filteredOn(Block.ToolUse.class::isInstance)
          .extracting(block -> ((Block.ToolUse) block).tool())
          .containsExactly(ToolStatus.ERROR);
      claude.end();
      assertParity(claude);
      before = claude.conversation();
    }
    Transcript past = machine.transcript(id, null);
    machine = freshMachine("b");
    machine.setUp(id, Profiles.plain(), Map.of(), past);
    try (RunningAgent claude =
        machine.start(
            new ProgramRequest(id, null, Profiles.plain(), Map.of(), true, machine.paths()),
            before.metadata())) {
      claude.ask("[[recall]]");
      assertThat(claude.lastText()).contains("[[text:one]]").contains("exit 3");
      assertThat(claude.conversation().metadata().costUsd())
          .isGreaterThan(before.metadata().costUsd());
      claude.end();
    }
    assertThat(new ClaudeArchitecture().transcripts().decode(machine.transcript(id, null)).blocks())
        .hasSizeGreaterThan(new ClaudeArchitecture().transcripts().decode(past).blocks().size());
  }

  @Test
  void aSubagentHasAConversationOfItsOwn() throws Exception {
    try (RunningAgent claude = start()) {
      claude.ask(
          "[[subagent:[[think:mm]][[text:Sub says]][[bash:echo x]][[text:fin]]]][[text:main]]");
      SubagentConversation subagent = claude.conversation().subagents().getFirst();
      assertThat(subagent.status()).isEqualTo(ToolStatus.SUCCESS);
      assertThat(subagent.output()).isEqualTo("fin");
      assertThat(subagent.agentId()).isNotNull();
      assertThat(subagent.blocks())
          .extracting(block -> block.getClass().getSimpleName())
          .containsExactly(
              "UserMessage", "Thinking", "AssistantText", "ToolUse", "ToolResult", "AssistantText");
      claude.end();
      assertParity(claude);
    }
  }

  @Test
  void aSubagentsPastIsRestoredFromTheStoredForm() throws Exception {
    Conversation before;
    try (RunningAgent claude = start()) {
      claude.ask("[[subagent:[[text:Sub says]]]][[text:main]]");
      claude.end();
      before = claude.conversation();
    }
    ClaudeTranscripts codec = new ClaudeTranscripts();
    Transcript past = codec.fromStored(id, codec.toStored(machine.transcript(id, null)));
    machine = freshMachine("b");
    machine.setUp(id, Profiles.plain(), Map.of(), past);
    try (RunningAgent claude = machine.resume(id, null, Profiles.plain())) {
      assertThat(claude.ask("[[recall]]")).isEqualTo(new TurnOutcome.Completed());
      claude.end();
    }
    assertThat(Parity.of(decoded()).subagents()).isEqualTo(Parity.of(before).subagents());
  }

  @Test
  void aClearedConversationIsResumedUnderItsNewId() throws Exception {
    String nativeId;
    try (RunningAgent claude = start()) {
      claude.ask("[[text:before]]");
      claude.ask("/clear");
      claude.ask("[[text:after]]");
      nativeId = String.valueOf(claude.session().protocol().snapshot().get("nativeId"));
      claude.end();
    }
    Transcript past = machine.transcript(id, nativeId);
    machine = freshMachine("b");
    machine.setUp(id, nativeId, Profiles.plain(), Map.of(), past);
    try (RunningAgent claude = machine.resume(id, nativeId, Profiles.plain())) {
      assertThat(claude.ask("[[recall]]")).isEqualTo(new TurnOutcome.Completed());
      assertThat(claude.lastText()).contains("[[text:after]]").doesNotContain("[[text:before]]");
    }
  }

  @Test
  void aBackgroundSubagentBelongsToTheTurn() throws Exception {
    try (RunningAgent claude = start()) {
      claude.ask(
          "[[json:[{\"do\":\"subagent\",\"prompt\":\"[[slow:5,50]][[text:late]]\","
              + "\"background\":true},{\"do\":\"text\",\"text\":\"started\"}]]]");
      SubagentConversation subagent = claude.conversation().subagents().getFirst();
      assertThat(subagent.status()).isEqualTo(ToolStatus.SUCCESS);
      assertThat(subagent.output()).endsWith("late");
      claude.end();
      assertParity(claude);
    }
  }

  @Test
  void anInterruptStopsTextAndTheNextMessageWorks() throws Exception {
    try (RunningAgent claude = start()) {
      assertThat(
              claude.askAndInterrupt(
                  "[[slow:1000,50]]", emission -> emission.event() instanceof BlockDelta))
          .isEqualTo(new TurnOutcome.Interrupted());
      assertThat(claude.ask("[[text:next]]")).isEqualTo(new TurnOutcome.Completed());
      claude.end();
      assertParity(claude);
    }
  }

  @Test
  void anInterruptStopsATool() throws Exception {
    try (RunningAgent claude = start()) {
      assertThat(
              claude.askAndInterrupt(
                  "[[bash:echo started; tail -f /dev/null]]",
                  emission -> emission.event().toString().contains("tool=RUNNING")))
          .isEqualTo(new TurnOutcome.Interrupted());
      assertThat(claude.ask("[[text:next]]")).isEqualTo(new TurnOutcome.Completed());
      claude.end();
      assertParity(claude);
    }
  }

  @Test
  void anInterruptRightAfterTheMessageWithdrawsIt() throws Exception {
    try (RunningAgent claude = start()) {
      claude.say("[[slow:1000,50]]");
      claude.interrupt();
      assertThat(claude.awaitOutcome()).isEqualTo(new TurnOutcome.Interrupted());
      assertThat(claude.ask("[[text:next]]")).isEqualTo(new TurnOutcome.Completed());
    }
  }

  @Test
  void aMessageDuringAToolIsFoldedIntoTheTurn() throws Exception {
    try (RunningAgent claude = start()) {
      claude.say("[[bash:until [ -e go ]; do sleep 0.05; done; sleep 1]][[text:x]]");
      claude.await(emission -> emission.event().toString().contains("tool=RUNNING"));
      MessageId steered = claude.say("by the way");
      Files.createFile(machine.workspace("go"));
      assertThat(claude.awaitOutcome()).isEqualTo(new TurnOutcome.Completed());
      assertThat(claude.ask("[[recall]]")).isEqualTo(new TurnOutcome.Completed());
      claude.end();
      assertThat(
              new ClaudeArchitecture().transcripts().decode(machine.transcript(id, null)).blocks())
          .anyMatch(block -> block.id().value().equals(steered.value()));
    }
  }

  @Test
  void aMessageDuringTextRunsAfterItInTheSameTurn() throws Exception {
    try (RunningAgent claude = start()) {
      claude.say("[[slow:10,50]]");
      claude.await(emission -> emission.event() instanceof BlockDelta);
      claude.say("[[text:second]]");
      assertThat(claude.awaitOutcome()).isEqualTo(new TurnOutcome.Completed());
      assertThat(claude.lastText()).isEqualTo("second");
    }
  }

  @Test
  void aPermissionIsAskedForAndAnswered() throws Exception {
    try (RunningAgent claude = start(Profiles.with(PermissionPolicy.ASK), Map.of())) {
      claude.say("[[write a.txt|hi]][[text:x]]");
      PermissionRequest request = claude.awaitPermissionRequest();
      assertThat(request.toolName()).isEqualTo("Write");
      claude.answer(request, true);
      assertThat(claude.awaitOutcome()).isEqualTo(new TurnOutcome.Completed());
      assertThat(machine.workspace("a.txt")).hasContent("hi");
      assertThat(claude.askAndAnswer("[[write b.txt|hi]][[text:x]]", false))
          .isEqualTo(new TurnOutcome.Completed());
      assertThat(machine.workspace("b.txt")).doesNotExist();
      claude.end();
      assertParity(claude);
    }
  }

  @Test
  void aQuestionOfTheAgentIsAnsweredThroughItsArguments() throws Exception {
    try (RunningAgent claude = start(Profiles.with(PermissionPolicy.ASK), Map.of())) {
      claude.say(
          "[[tool AskUserQuestion|{\"questions\":[{\"question\":\"Which?\",\"header\":\"h\","
              + "\"multiSelect\":false,\"options\":[{\"label\":\"Red\",\"description\":\"r\"},"
              + "{\"label\":\"Blue\",\"description\":\"b\"}]}]}]][[result]]");
      PermissionRequest request = claude.awaitPermissionRequest();
      Map<String, Object> input = new LinkedHashMap<>(request.input());
      input.put("answers", Map.of("Which?", "Blue"));
      claude.answer(request, input);
      assertThat(claude.awaitOutcome()).isEqualTo(new TurnOutcome.Completed());
      assertThat(claude.lastText()).contains("Blue");
    }
  }

  @Test
  void aSubagentAsksToo() throws Exception {
    try (RunningAgent claude = start(Profiles.with(PermissionPolicy.ASK), Map.of())) {
      assertThat(claude.askAndAnswer("[[subagent:[[write a.txt|hi]][[text:k]]]][[text:x]]", true))
          .isEqualTo(new TurnOutcome.Completed());
      assertThat(machine.workspace("a.txt")).hasContent("hi");
    }
  }

  @Test
  void anOpenPermissionEndsWithAnInterrupt() throws Exception {
    try (RunningAgent claude = start(Profiles.with(PermissionPolicy.ASK), Map.of())) {
      claude.say("[[write a.txt|hi]][[text:x]]");
      claude.awaitPermissionRequest();
      claude.interrupt();
      assertThat(claude.awaitOutcome()).isEqualTo(new TurnOutcome.Interrupted());
      assertThat(claude.session().emissions())
          .anyMatch(emission -> emission.event().toString().contains("decidedBy=turn-end"));
    }
  }

  @Test
  void thePolicyRefusesByItself() throws Exception {
    try (RunningAgent claude = start(Profiles.with(PermissionPolicy.DENY), Map.of())) {
      claude.ask("[[write a.txt|hi]][[text:x]]");
      assertThat(machine.workspace("a.txt")).doesNotExist();
      assertThat(claude.session().emissions())
          .anyMatch(emission -> emission.event().toString().contains("decidedBy=policy"));
    }
  }

  @Test
  void aFailingModelApiFailsTheTurn() throws Exception {
    try (RunningAgent claude = start(Profiles.plain(), Map.of("maxRetries", 1))) {
      TurnOutcome bad = claude.ask("[[fault:400]]");
      assertThat(bad).isInstanceOf(TurnOutcome.Failed.class);
      assertThat(((TurnOutcome.Failed) bad).retryable()).isFalse();
      assertThat(((TurnOutcome.Failed) claude.ask("[[fault:401]]")).retryable()).isFalse();
      assertThat(((TurnOutcome.Failed) claude.ask("[[fault:429]]")).retryable()).isTrue();
      assertThat(((TurnOutcome.Failed) claude.ask("[[fault:529]]")).retryable()).isTrue();
      assertThat(claude.session().emissions())
          .filteredOn(emission -> emission.event() instanceof ErrorRaised)
          .hasSize(4);
      assertThat(claude.blocks()).filteredOn(Block.Failure.class::isInstance).hasSize(4);
      assertThat(claude.ask("[[text:fine]]")).isEqualTo(new TurnOutcome.Completed());
      claude.end();
      assertParity(claude);
    }
  }

  @Test
  void aStreamThatIsCutOffIsTriedAgain() throws Exception {
    try (RunningAgent claude = start()) {
      assertThat(claude.ask("[[text:a long enough text]][[cut:1]][[text:rest]]"))
          .isEqualTo(new TurnOutcome.Completed());
      assertThat(claude.lastText()).endsWith("rest");
      // How much of the cut answer arrived is up to the network: a block that began is closed.
      assertThat(claude.blocks())
          .filteredOn(block -> block.status() != BlockStatus.COMPLETE)
          .hasSizeLessThanOrEqualTo(1)
          .allMatch(block -> block.status() == BlockStatus.ERROR);
    }
  }

  @Test
  void aKilledProgramFailsTheTurnAndAResumeWorks() throws Exception {
    try (RunningAgent claude = start()) {
      claude.ask("[[text:one]]");
      claude.say("[[slow:1000,50]]");
      claude.await(emission -> emission.event() instanceof BlockDelta);
      claude.kill();
      TurnOutcome outcome = claude.awaitOutcome();
      assertThat(outcome).isInstanceOf(TurnOutcome.Failed.class);
      assertThat(((TurnOutcome.Failed) outcome).code()).isEqualTo("AGENT_EXITED");
    }
    try (RunningAgent claude = machine.resume(id, null, Profiles.plain())) {
      claude.ask("[[recall]]");
      assertThat(claude.lastText()).contains("[[text:one]]");
    }
  }

  @Test
  void anUnknownSessionCannotBeResumed() throws Exception {
    machine.setUp(id, Profiles.plain(), Map.of(), Transcript.EMPTY);
    try (RunningAgent claude = machine.resume(id, null, Profiles.plain())) {
      assertThat(claude.ask("x")).isInstanceOf(TurnOutcome.Failed.class);
    }
  }

  @Test
  void aSessionThatExistsCannotBeStartedAnew() throws Exception {
    try (RunningAgent claude = start()) {
      claude.ask("[[text:one]]");
      claude.end();
    }
    try (RunningAgent claude = machine.start(id, Profiles.plain(), Map.of())) {
      TurnOutcome outcome = claude.ask("x");
      assertThat(outcome).isInstanceOf(TurnOutcome.Failed.class);
      assertThat(((TurnOutcome.Failed) outcome).message()).contains("already in use");
    }
  }

  @Test
  void imagesReachTheModelAndTheTranscript() throws Exception {
    try (RunningAgent claude = start()) {
      UserContent content =
          new UserContent.Parts(
              List.of(
                  new ContentPart.Text("[[text:seen]]"),
                  new ContentPart.Image(ContentPart.Source.BASE64, PIXEL, "image/png")));
      assertThat(claude.ask(content)).isEqualTo(new TurnOutcome.Completed());
      // Not the last one: the program may ask the model for something of its own afterwards.
      assertThat(model.requests()).anyMatch(request -> request.body().contains(PIXEL));
      claude.end();
      assertParity(claude);
    }
  }

  @Test
  void aSlashCommandOfTheProgramShowsWhatItPrinted() throws Exception {
    try (RunningAgent claude = start()) {
      claude.ask("[[text:hello]]");
      assertThat(claude.ask("/compact")).isEqualTo(new TurnOutcome.Completed());
      assertThat(claude.ask("[[text:still here]]")).isEqualTo(new TurnOutcome.Completed());
      claude.end();
      // The transcript has the compaction before the command that asked for it.
      assertThat(Parity.of(decoded()).main())
          .containsExactlyInAnyOrderElementsOf(Parity.of(claude.conversation()).main());
    }
  }
}
