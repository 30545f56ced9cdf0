package io.agentruntime.architecture.gemini;

import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import java.util.List;
import java.util.Map;

/**
 * What is recorded: a conversation with the real program.
 *
 * @param name the recording's name
 * @param profile the profile
 * @param script the conversation
 */
record Scenario(String name, AgentProfile profile, Script script) {
  /** A conversation. */
  interface Script {
    void run(GeminiProcess gemini) throws Exception;
  }

  /** The options of all scenarios. */
  static final Map<String, Object> OPTIONS = Map.of("maxRetries", 1);

  private static Scenario plain(String name, Script script) {
    return new Scenario(name, Profiles.plain(), script);
  }

  private static Scenario asking(String name, Script script) {
    return new Scenario(name, Profiles.with(PermissionPolicy.ASK), script);
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
        plain("interrupted-text", Scenario::interruptText),
        plain("interrupted-tool", Scenario::interruptTool),
        plain("unknown-tool", gemini -> gemini.ask("[[tool:nothing|{\"a\":1}]][[text:well]]")),
        asking("permissions", Scenario::permissions),
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

  private static void interruptText(GeminiProcess gemini) throws Exception {
    gemini.say("[[slow:50,50]]");
    gemini.await(emission -> emission.event() instanceof BlockDelta);
    gemini.interrupt();
    gemini.awaitOutcome();
    gemini.ask("[[text:next]]");
  }

  private static void interruptTool(GeminiProcess gemini) throws Exception {
    gemini.say("[[bash:echo started; tail -f /dev/null]]");
    gemini.await(emission -> emission.event().toString().contains("tool=RUNNING"));
    gemini.interrupt();
    gemini.awaitOutcome();
    gemini.ask("[[text:next]]");
  }

  private static void permissions(GeminiProcess gemini) throws Exception {
    gemini.say("[[write a.txt|hi]][[text:x]]");
    gemini.answer(gemini.awaitPermissionRequest(), true);
    gemini.awaitOutcome();
    gemini.say("[[bash:touch b.txt]][[text:x]]");
    gemini.answer(gemini.awaitPermissionRequest(), false);
    gemini.awaitOutcome();
  }
}
