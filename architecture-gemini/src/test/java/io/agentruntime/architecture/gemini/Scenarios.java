// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.testkit.program.SampleScenarios;
import io.agentruntime.testkit.program.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is recorded: conversations with the real program. */
final class Scenarios {
  /** The options of all scenarios. */
  static final Map<String, Object> OPTIONS = Map.of("maxRetries", 1);

  private Scenarios() {}

  static List<Scenario> all() {
    List<Scenario> all =
        new ArrayList<>(
            SampleScenarios.all(Profiles.plain(), Profiles.with(PermissionPolicy.ASK), OPTIONS));
    all.add(
        new Scenario(
            "one-turn",
            Profiles.plain(),
            OPTIONS,
            gemini ->
                gemini.ask(
                    "[[think:hm]][[text:Hello there]][[write a.txt|hi]]"
                        + "[[bash:echo one; echo two]][[text:done]]")));
    return all;
  }
}
