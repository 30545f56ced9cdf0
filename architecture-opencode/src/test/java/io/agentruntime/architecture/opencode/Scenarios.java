// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.testkit.program.RunningAgent;
import io.agentruntime.testkit.program.Scenario;
import java.util.List;
import java.util.Map;

/** What is recorded: conversations with the real program. */
final class Scenarios {
  /** The options of all scenarios. */
  static final Map<String, Object> OPTIONS = Map.of();

  private Scenarios() {}

  private static Scenario plain(String name, Scenario.Script script) {
    return new Scenario(name, Profiles.plain(), OPTIONS, script);
  }

  private static Scenario asking(String name, Scenario.Script script) {
    return new Scenario(name, Profiles.with(PermissionPolicy.ASK), OPTIONS, script);
  }

  static List<Scenario> all() {
    return List.of(
        plain(
            "one-turn",
            agent ->
                agent.ask(
                    "[[think:hm]][[text:Hello there]][[write a.txt|hi]][[edit a.txt|hi|ho]]"
                        + "[[bash:echo one; echo two]][[text:done]]")),
        plain(
            "two-turns",
            agent -> {
              agent.ask("[[bash:echo out; exit 3]][[text:one]]");
              agent.ask("[[bash:echo a]][[and]][[write b.txt|b]][[text:two \u00e9\ud83d\ude00]]");
            }),
        plain(
            "subagent",
            agent ->
                agent.ask(
                    "[[subagent:[[think:mm]][[text:Sub says]][[bash:echo x]][[text:fin]]]]"
                        + "[[text:main]]")),
        plain("interrupted-text", Scenarios::interruptText),
        plain("interrupted-tool", Scenarios::interruptTool),
        plain("unknown-tool", agent -> agent.ask("[[tool:nothing|{\"a\":1}]][[text:well]]")),
        asking("permissions", Scenarios::permissions),
        asking(
            "permission-interrupted",
            agent -> {
              agent.say("[[write a.txt|hi]]");
              agent.awaitPermissionRequest();
              agent.interrupt();
              agent.awaitOutcome();
              agent.ask("[[text:next]]");
            }),
        plain(
            "failing-model",
            agent -> {
              agent.ask("[[fault:400]]");
              agent.ask("[[fault:503]]");
              agent.ask("[[text:fine]]");
            }),
        plain("cut-off", agent -> agent.ask("[[text:a long text]][[cut:1]][[text:rest]]")));
  }

  private static void interruptText(RunningAgent agent) throws Exception {
    agent.say("[[slow:50,50]]");
    agent.await(emission -> emission.event() instanceof BlockDelta);
    agent.interrupt();
    agent.awaitOutcome();
    agent.ask("[[text:next]]");
  }

  private static void interruptTool(RunningAgent agent) throws Exception {
    agent.say("[[bash:echo started; tail -f /dev/null]]");
    agent.await(emission -> emission.event().toString().contains("tool=RUNNING"));
    agent.interrupt();
    agent.awaitOutcome();
    agent.ask("[[text:next]]");
  }

  private static void permissions(RunningAgent agent) throws Exception {
    agent.say("[[write a.txt|hi]][[text:x]]");
    agent.answer(agent.awaitPermissionRequest(), true);
    agent.awaitOutcome();
    agent.say("[[bash:touch b.txt]][[text:x]]");
    agent.answer(agent.awaitPermissionRequest(), false);
    agent.awaitOutcome();
  }
}
