// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.program;

import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.profile.AgentProfile;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Conversations in which every program should be recorded, in the language of the scripted model.
 * What a program adds to them is its own.
 */
public final class SampleScenarios {
  private static final String NEXT = "[[text:next]]";

  private SampleScenarios() {}

  /**
   * All of them under the names of their recordings, and a model that fails twice.
   *
   * @param plain a profile that allows everything
   * @param asking one that asks for permission
   */
  public static List<Scenario> all(
      AgentProfile plain, AgentProfile asking, Map<String, Object> options) {
    return List.of(
        new Scenario("two-turns", plain, options, SampleScenarios::twoTurns),
        new Scenario("subagent", plain, options, SampleScenarios::subagent),
        new Scenario("interrupted-text", plain, options, SampleScenarios::interruptedText),
        new Scenario("interrupted-tool", plain, options, SampleScenarios::interruptedTool),
        new Scenario("unknown-tool", plain, options, SampleScenarios::unknownTool),
        new Scenario("permissions", asking, options, SampleScenarios::permissions),
        new Scenario(
            "permission-interrupted", asking, options, SampleScenarios::interruptedPermission),
        new Scenario("failing-model", plain, options, SampleScenarios::failingModel),
        new Scenario("cut-off", plain, options, SampleScenarios::cutOff));
  }

  /** A command that fails, and two tools in one answer. */
  public static void twoTurns(RunningAgent agent) throws IOException, InterruptedException {
    agent.ask("[[bash:echo out; exit 3]][[text:one]]");
    agent.ask("[[bash:echo a]][[and]][[write b.txt|b]][[text:two \u00e9\ud83d\ude00]]");
  }

  /** A subagent thinks, speaks and runs a command. */
  public static void subagent(RunningAgent agent) throws IOException, InterruptedException {
    agent.ask("[[subagent:[[think:mm]][[text:Sub says]][[bash:echo x]][[text:fin]]]][[text:main]]");
  }

  /** An interrupt in the middle of a text, and another turn. */
  public static void interruptedText(RunningAgent agent) throws IOException, InterruptedException {
    agent.askAndInterrupt("[[slow:50,50]]", emission -> emission.event() instanceof BlockDelta);
    agent.ask(NEXT);
  }

  /** An interrupt while a command runs, and another turn. */
  public static void interruptedTool(RunningAgent agent) throws IOException, InterruptedException {
    agent.askAndInterrupt(
        "[[bash:echo started; tail -f /dev/null]]",
        emission -> emission.event().toString().contains("tool=RUNNING"));
    agent.ask(NEXT);
  }

  /** A tool that there is not. */
  public static void unknownTool(RunningAgent agent) throws IOException, InterruptedException {
    agent.ask("[[tool:nothing|{\"a\":1}]][[text:well]]");
  }

  /** A permission that is given, and one that is refused. */
  public static void permissions(RunningAgent agent) throws IOException, InterruptedException {
    agent.askAndAnswer("[[write a.txt|hi]][[text:x]]", true);
    agent.askAndAnswer("[[bash:touch b.txt]][[text:x]]", false);
  }

  /** An interrupt instead of an answer, and another turn. */
  public static void interruptedPermission(RunningAgent agent)
      throws IOException, InterruptedException {
    agent.say("[[write a.txt|hi]]");
    agent.awaitPermissionRequest();
    agent.interrupt();
    agent.awaitOutcome();
    agent.ask(NEXT);
  }

  /** A model that refuses, one that is overloaded, and one that is well again. */
  public static void failingModel(RunningAgent agent) throws IOException, InterruptedException {
    agent.ask("[[fault:400]]");
    agent.ask("[[fault:503]]");
    agent.ask("[[text:fine]]");
  }

  /** A model whose answer breaks off. */
  public static void cutOff(RunningAgent agent) throws IOException, InterruptedException {
    agent.ask("[[text:a long text]][[cut:1]][[text:rest]]");
  }
}
