// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.testkit.program.RunningAgent;
import io.agentruntime.testkit.program.Scenario;
import java.util.List;
import java.util.Map;

/** What is recorded: conversations with the real program. */
final class Scenarios {
  /** The options of all scenarios. */
  static final Map<String, Object> OPTIONS = Map.of("maxRetries", 1);

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
            gemini ->
                gemini.ask(
                    "[[think:hm]][[text:Hello there]][[write a.txt|hi]]"
                        + "[[bash:echo one; echo two]][[text:done]]")),
        plain(
            "two-turns",
            gemini -> {
              gemini.ask("[[bash:echo out; exit 3]][[text:one]]");
              gemini.ask("[[bash:echo a]][[and]][[write b.txt|b]][[text:two \u00e9\ud83d\ude00]]");
            }),
        plain(
            "subagent",
            gemini ->
                gemini.ask(
                    "[[subagent:[[think:mm]][[text:Sub says]][[bash:echo x]][[text:fin]]]]"
                        + "[[text:main]]")),
        plain("interrupted-text", Scenarios::interruptText),
        plain("interrupted-tool", Scenarios::interruptTool),
        plain("unknown-tool", gemini -> gemini.ask("[[tool:nothing|{\"a\":1}]][[text:well]]")),
        asking("permissions", Scenarios::permissions),
        asking(
            "permission-interrupted",
            gemini -> {
              gemini.say("[[write a.txt|hi]]");
              gemini.awaitPermissionRequest();
              gemini.interrupt();
              gemini.awaitOutcome();
              gemini.ask("[[text:next]]");
            }),
        plain(
            "failing-model",
            gemini -> {
              gemini.ask("[[fault:400]]");
              gemini.ask("[[fault:503]]");
              gemini.ask("[[text:fine]]");
            }),
        plain("cut-off", gemini -> gemini.ask("[[text:a long text]][[cut:1]][[text:rest]]")));
  }

  private static void interruptText(RunningAgent gemini) throws Exception {
    gemini.say("[[slow:50,50]]");
    gemini.await(emission -> emission.event() instanceof BlockDelta);
    gemini.interrupt();
    gemini.awaitOutcome();
    gemini.ask("[[text:next]]");
  }

  private static void interruptTool(RunningAgent gemini) throws Exception {
    gemini.say("[[bash:echo started; tail -f /dev/null]]");
    gemini.await(emission -> emission.event().toString().contains("tool=RUNNING"));
    gemini.interrupt();
    gemini.awaitOutcome();
    gemini.ask("[[text:next]]");
  }

  private static void permissions(RunningAgent gemini) throws Exception {
    gemini.say("[[write a.txt|hi]][[text:x]]");
    gemini.answer(gemini.awaitPermissionRequest(), true);
    gemini.awaitOutcome();
    gemini.say("[[bash:touch b.txt]][[text:x]]");
    gemini.answer(gemini.awaitPermissionRequest(), false);
    gemini.awaitOutcome();
  }
}
