// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.testkit.program.RunningAgent;
import io.agentruntime.testkit.program.SampleScenarios;
import io.agentruntime.testkit.program.Scenario;
import java.util.List;
import java.util.Map;

/**
 * What is recorded, with OpenCode: of the programs that are at hand it uses most of the protocol.
 */
final class Scenarios {
  private static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  private Scenarios() {}

  /** The program asks for nothing. */
  private static Map<String, Object> allowing() {
    String json = Json.write(Programs.OPENCODE.options());
    String permission = "\"permission\":{\"edit\":\"ask\",\"bash\":\"ask\"}";
    if (!json.contains(permission)) {
      throw new AssertionError("the profile has no " + permission);
    }
    return Json.map(
        Json.object(json.replace(permission, "\"permission\":\"allow\"")).orElseThrow());
  }

  private static Scenario plain(String name, Scenario.Script script) {
    return new Scenario(name, Programs.OPENCODE.profile(PermissionPolicy.ASK), allowing(), script);
  }

  private static Scenario asking(String name, Scenario.Script script) {
    return new Scenario(
        name, Programs.OPENCODE.profile(PermissionPolicy.ASK), Programs.OPENCODE.options(), script);
  }

  static List<Scenario> all() {
    return List.of(
        plain(
            "one-turn",
            agent ->
                agent.ask(
                    "[[think:hm]][[text:Hello there]][[write a.txt|hi]]"
                        + "[[bash:echo one; echo two; exit 3]][[text:done]]")),
        plain(
            "two-turns",
            agent -> {
              agent.ask(
                  "[[tool:todowrite|{\"todos\":[{\"content\":\"a step\",\"status\":"
                      + "\"in_progress\",\"priority\":\"high\"}]}]][[text:one]]");
              agent.ask("[[bash:echo a]][[text:two \u00e9\ud83d\ude00]]");
            }),
        plain(
            "live-output",
            agent ->
                agent.ask(
                    "[[bash:echo first; tail --pid=$$ -f /dev/null & echo second; kill $!]]")),
        plain("image", Scenarios::image),
        plain("interrupted-text", SampleScenarios::interruptedText),
        plain("interrupted-tool", Scenarios::interruptTool),
        plain(
            "failing-model",
            agent -> {
              agent.ask("[[fault:400]]");
              agent.ask("[[text:fine]]");
            }),
        asking("permissions", SampleScenarios::permissions),
        asking("permission-interrupted", SampleScenarios::interruptedPermission));
  }

  private static void image(RunningAgent agent) throws Exception {
    agent.ask(
        new UserContent.Parts(
            List.of(
                new ContentPart.Text("[[text:seen]]"),
                new ContentPart.Image(ContentPart.Source.BASE64, PIXEL, "image/png"))));
  }

  private static void interruptTool(RunningAgent agent) throws Exception {
    agent.askAndInterrupt(
        "[[bash:echo started; tail -f /dev/null]]",
        emission -> emission.event() instanceof BlockDelta);
    agent.ask("[[text:next]]");
  }
}
