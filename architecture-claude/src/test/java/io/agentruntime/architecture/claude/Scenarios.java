// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.testkit.program.RunningAgent;
import io.agentruntime.testkit.program.SampleScenarios;
import io.agentruntime.testkit.program.Scenario;
import java.util.List;
import java.util.Map;

/** What is recorded: conversations with the real program. */
final class Scenarios {
  private static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
          + "gg==";

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
            claude ->
                claude.ask(
                    "[[think:hm]][[text:Hello there]][[write a.txt|hi]]"
                        + "[[bash:echo one; echo two]][[text:done]]")),
        plain("two-turns", SampleScenarios::twoTurns),
        plain("subagent", SampleScenarios::subagent),
        plain(
            "background-subagent",
            claude ->
                claude.ask(
                    "[[json:[{\"do\":\"subagent\",\"prompt\":\"[[slow:3,50]][[text:late]]\","
                        + "\"background\":true},{\"do\":\"text\",\"text\":\"started\"}]]]")),
        plain(
            "nested-subagents",
            claude ->
                claude.ask(
                    "[[subagent:[[subagent:[[text:inner]]]][[text:outer]]]][[and]]"
                        + "[[subagent:[[text:beside]]]][[text:main]]")),
        plain(
            "interrupted-subagent",
            claude -> {
              claude.askAndInterrupt(
                  "[[subagent:[[bash:echo started; tail -f /dev/null]]]]",
                  emission -> emission.event().toString().contains("toolName=Bash"));
            }),
        plain(
            "cleared",
            claude -> {
              claude.ask("[[text:one]]");
              claude.ask("/clear");
              claude.ask("[[recall]]");
            }),
        plain("interrupted-text", SampleScenarios::interruptedText),
        plain("interrupted-tool", SampleScenarios::interruptedTool),
        plain(
            "withdrawn",
            claude -> {
              claude.say("[[slow:50,50]]");
              claude.interrupt();
              claude.awaitOutcome();
              claude.ask("[[text:next]]");
            }),
        plain("steered-tool", Scenarios::steerTool),
        plain("steered-text", Scenarios::steerText),
        asking("permissions", SampleScenarios::permissions),
        asking(
            "permission-interrupted",
            claude -> {
              claude.say("[[write a.txt|hi]]");
              claude.awaitPermissionRequest();
              claude.interrupt();
              claude.awaitOutcome();
            }),
        plain(
            "failing-model",
            claude -> {
              claude.ask("[[fault:400]]");
              claude.ask("[[fault:529]]");
              claude.ask("[[text:fine]]");
            }),
        plain("cut-off", SampleScenarios::cutOff),
        new Scenario(
            "skill",
            Profiles.withSkill(),
            OPTIONS,
            claude -> {
              claude.ask("[[tool Skill|{\"skill\":\"greet\",\"args\":\"Bob\"}]][[text:done]]");
              claude.ask("/greet Ann");
            }),
        plain(
            "image",
            claude ->
                claude.ask(
                    new UserContent.Parts(
                        List.of(
                            new ContentPart.Text("[[text:seen]]"),
                            new ContentPart.Image(
                                ContentPart.Source.BASE64, PIXEL, "image/png"))))),
        new Scenario(
            "unknown-session", Profiles.plain(), OPTIONS, true, claude -> claude.ask("hello")));
  }

  private static void steerTool(RunningAgent claude) throws Exception {
    claude.say("[[bash:sleep 1]][[text:x]]");
    claude.await(emission -> emission.event().toString().contains("tool=RUNNING"));
    claude.say("by the way");
    claude.awaitOutcome();
  }

  private static void steerText(RunningAgent claude) throws Exception {
    claude.say("[[slow:8,50]]");
    claude.await(emission -> emission.event() instanceof BlockDelta);
    claude.say("[[text:second]]");
    claude.awaitOutcome();
  }
}
