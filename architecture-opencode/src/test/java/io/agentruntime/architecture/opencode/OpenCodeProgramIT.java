package io.agentruntime.architecture.opencode;

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
import io.agentruntime.testkit.requirement.RequiresOpenCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program, fed by a scripted model: what the recordings claim is still true of it. */
@RequiresOpenCode
class OpenCodeProgramIT {
  @TempDir Path folder;
  private final SessionId id = new SessionId(UUID.randomUUID().toString());
  private ScriptedModel model;
  private AgentMachine machine;

  @BeforeEach
  void startModel() throws Exception {
    model = ScriptedModel.start(ScriptedModelOptions.defaults());
    machine = freshMachine("a");
  }

  private AgentMachine freshMachine(String name) throws Exception {
    return AgentMachine.in(
        Files.createDirectory(folder.resolve(name)), Programs.at(model.baseUri()));
  }

  @AfterEach
  void stopModel() throws Exception {
    model.close();
  }

  private RunningAgent start() throws Exception {
    return start(Profiles.plain());
  }

  private RunningAgent start(AgentProfile profile) throws Exception {
    machine.setUp(id, profile, Map.of(), Transcript.EMPTY);
    return machine.start(id, profile, Map.of());
  }

  /** What the stream led to is what the transcript says, as far as it can. */
  private void assertParity(RunningAgent agent) throws Exception {
    Conversation decoded =
        new OpenCodeArchitecture().transcripts().decode(machine.transcript(id, agent.nativeId()));
    assertThat(Parity.of(decoded)).isEqualTo(Parity.of(agent.conversation()));
  }

  private static List<String> kinds(RunningAgent agent) {
    return agent.blocks().stream().map(block -> block.getClass().getSimpleName()).toList();
  }

  private static String lastText(RunningAgent agent) {
    return ((Block.AssistantText) agent.blocks().getLast()).text();
  }

  @Test
  void aTurnThinksSpeaksWritesAndRunsAndAnotherFollows() throws Exception {
    try (RunningAgent agent = start()) {
      TurnOutcome outcome =
          agent.ask(
              "[[think:hm]][[text:Hello there]][[write a.txt|hi]][[edit a.txt|hi|ho]]"
                  + "[[bash:echo one; echo two; exit 3]][[text:done]]");
      assertThat(outcome).isEqualTo(new TurnOutcome.Completed());
      assertThat(kinds(agent))
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
      Block.ToolResult written = (Block.ToolResult) agent.blocks().get(4);
      assertThat(String.valueOf(written.details().get("diff"))).contains("+hi");
      Block.ToolUse ran = (Block.ToolUse) agent.blocks().get(5);
      assertThat(ran.input()).containsEntry("command", "echo one; echo two; exit 3");
      Block.ToolResult printed = (Block.ToolResult) agent.blocks().get(6);
      assertThat(printed.output()).isEqualTo("one\ntwo");
      assertThat(printed.details()).containsEntry("exitCode", 3);
      assertThat(agent.conversation().metadata().usage())
          .matches(usage -> usage != null && usage.inputTokens() > 0);
      assertThat(agent.session().emissions())
          .noneMatch(emission -> emission.event() instanceof PermissionRequested);

      agent.ask("[[recall]]");
      assertThat(lastText(agent)).contains("Hello there");
      agent.end();
      assertParity(agent);
    }
  }

  @Test
  void aTextIsInterruptedAndTheProcessLivesOn() throws Exception {
    try (RunningAgent agent = start()) {
      agent.say("[[slow:600,100]]");
      agent.await(emission -> emission.event() instanceof BlockDelta);
      agent.interrupt();
      assertThat(agent.awaitOutcome()).isEqualTo(new TurnOutcome.Interrupted());
      assertThat(lastText(agent)).isNotEmpty();
      assertThat(agent.ask("[[text:next]]")).isEqualTo(new TurnOutcome.Completed());
      assertParity(agent);
    }
  }

  @Test
  void aCommandIsInterruptedAndEnds() throws Exception {
    try (RunningAgent agent = start()) {
      agent.say("[[bash:echo started > s; tail -f /dev/null]]");
      agent.await(emission -> emission.event().toString().contains("tool=RUNNING"));
      agent.interrupt();
      assertThat(agent.awaitOutcome()).isEqualTo(new TurnOutcome.Interrupted());
      assertThat(agent.ask("[[text:next]]")).isEqualTo(new TurnOutcome.Completed());
      assertParity(agent);
    }
  }

  @Test
  void aPermissionIsAskedForGivenAndRefused() throws Exception {
    try (RunningAgent agent = start(Profiles.with(PermissionPolicy.ASK))) {
      agent.say("[[write a.txt|hi]][[text:x]]");
      PermissionRequest first = agent.awaitPermissionRequest();
      assertThat(first.toolName()).isEqualTo("write");
      assertThat(first.input().toString()).contains("a.txt", "content=hi");
      agent.answer(first, true);
      assertThat(agent.awaitOutcome()).isEqualTo(new TurnOutcome.Completed());
      assertThat(machine.workspace("a.txt")).hasContent("hi");

      agent.say("[[bash:touch b.txt]][[text:x]]");
      agent.answer(agent.awaitPermissionRequest(), false);
      assertThat(agent.awaitOutcome()).isEqualTo(new TurnOutcome.Completed());
      assertThat(machine.workspace("b.txt")).doesNotExist();
      assertThat(agent.blocks())
          .filteredOn(Block.ToolUse.class::isInstance)
          .extracting(block -> ((Block.ToolUse) block).tool())
          .containsExactly(ToolStatus.SUCCESS, ToolStatus.ERROR);
      assertParity(agent);
    }
  }

  @Test
  void aPolicyRefusesAtOnce() throws Exception {
    try (RunningAgent agent = start(Profiles.with(PermissionPolicy.DENY))) {
      assertThat(agent.ask("[[write a.txt|hi]][[text:x]]")).isEqualTo(new TurnOutcome.Completed());
      assertThat(machine.workspace("a.txt")).doesNotExist();
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
                assertThat(failed.message()).startsWith("The script asked for this failure");
                assertThat(failed.retryable()).isFalse();
              });
      assertThat(agent.session().emissions())
          .anyMatch(emission -> emission.event() instanceof ErrorRaised);
      assertThat(agent.ask("[[text:fine]]")).isEqualTo(new TurnOutcome.Completed());
      assertThat(lastText(agent)).isEqualTo("fine");
    }
  }

  @Test
  void aSubagentHasAConversationOfItsOwn() throws Exception {
    try (RunningAgent agent = start()) {
      agent.ask(
          "[[subagent:[[think:mm]][[text:Sub says]][[bash:echo x]][[text:fin]]]][[text:main]]");
      assertThat(agent.conversation().subagents())
          .singleElement()
          .satisfies(
              subagent -> {
                assertThat(subagent.name()).isEqualTo("general");
                assertThat(subagent.status()).isEqualTo(ToolStatus.SUCCESS);
                assertThat(subagent.output()).isEqualTo("fin");
                assertThat(subagent.blocks())
                    .extracting(block -> block.getClass().getSimpleName())
                    .startsWith("UserMessage", "Thinking", "AssistantText", "ToolUse");
              });
      assertParity(agent);
    }
  }

  @Test
  void aFreshSandboxRemembersWhatWasSaidBefore() throws Exception {
    Transcript past;
    String nativeId;
    try (RunningAgent agent = start()) {
      agent.ask("[[text:one]]");
      agent.ask("[[bash:echo hi]][[text:two]]");
      nativeId = agent.nativeId();
      past = machine.transcript(id, nativeId);
    }
    machine = freshMachine("b");
    machine.setUp(id, nativeId, Profiles.plain(), Map.of(), past);
    try (RunningAgent agent = machine.resume(id, nativeId, Profiles.plain())) {
      agent.ask("[[recall]]");
      assertThat(kinds(agent)).containsExactly("UserMessage", "AssistantText");
      assertThat(lastText(agent)).contains("[[text:one]]", "[[text:two]]");
      assertThat(agent.nativeId()).isEqualTo(nativeId);
    }
  }

  @Test
  void aProcessThatWasKilledIsFollowedByOneThatRemembers() throws Exception {
    String nativeId;
    try (RunningAgent agent = start()) {
      agent.ask("[[text:one]]");
      nativeId = agent.nativeId();
      agent.say("[[slow:600,100]]");
      agent.await(emission -> emission.event() instanceof BlockDelta);
      agent.kill();
      assertThat(agent.awaitOutcome())
          .isInstanceOfSatisfying(
              TurnOutcome.Failed.class,
              failed -> assertThat(failed.code()).isEqualTo("AGENT_EXITED"));
    }
    try (RunningAgent agent = machine.resume(id, nativeId, Profiles.plain())) {
      agent.ask("[[recall]]");
      assertThat(lastText(agent)).contains("[[text:one]]");
    }
  }

  @Test
  void aLostConversationIsSaidAndANewOneBegun() throws Exception {
    machine.setUp(id, Profiles.plain(), Map.of(), Transcript.EMPTY);
    String unknown = UUID.randomUUID().toString();
    try (RunningAgent agent = machine.resume(id, unknown, Profiles.plain())) {
      assertThat(agent.ask("[[text:fine]]")).isEqualTo(new TurnOutcome.Completed());
      assertThat(agent.nativeId()).isNotEqualTo(unknown);
      assertThat(agent.session().emissions())
          .anyMatch(emission -> emission.event() instanceof ErrorRaised);
    }
  }
}
