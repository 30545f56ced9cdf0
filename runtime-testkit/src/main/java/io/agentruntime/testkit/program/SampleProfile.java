// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.program;

import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import java.util.List;
import java.util.Map;

/** Parts of a profile with words in capitals, by which a model finds them in what it is told. */
public final class SampleProfile {
  private SampleProfile() {}

  /**
   * Adds a system prompt (SYSTEM-PROMPT), two rules (MAIN-RULE, OTHER-RULE), the skill {@code
   * greet} (SKILL-DESCRIPTION, SKILL-BODY) with a file, the command {@code hello} and the subagent
   * {@code reviewer} (SUBAGENT-DESCRIPTION, SUBAGENT-PROMPT).
   *
   * @param command the command's prompt
   */
  public static ProfileBuilder addTo(ProfileBuilder profile, String command) {
    return profile
        .systemPrompt("SYSTEM-PROMPT You are a test.")
        .rule(new Rule("main", "MAIN-RULE", List.of(), true, Map.of()))
        .rule(new Rule("other", "OTHER-RULE", List.of(), false, Map.of()))
        .skill(
            new Skill(
                "greet",
                "SKILL-DESCRIPTION: \"says\" hello\nto people",
                "SKILL-BODY",
                List.of(ProfileFile.text("data/names.txt", "Ann")),
                List.of(),
                List.of(),
                Map.of()))
        .command(new CommandDefinition("hello", "A \"command\"", command, Map.of()))
        .subagent(
            new SubagentDefinition(
                "reviewer", "SUBAGENT-DESCRIPTION", "SUBAGENT-PROMPT", null, null, Map.of()));
  }
}
