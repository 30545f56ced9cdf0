// SPDX-License-Identifier: MIT

package io.agentruntime.app.demo;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The demo's command line.
 *
 * @param sandbox {@code docker} or {@code local}
 * @param agent which program to show
 */
record DemoArguments(String sandbox, Agent agent) {
  /** A program that can be shown. */
  enum Agent {
    CLAUDE("claude-agent-sdk", "Claude Code"),
    GEMINI("gemini-cli", "Gemini CLI"),
    OPENCODE("opencode", "OpenCode");

    private final String architecture;
    private final String title;

    Agent(String architecture, String title) {
      this.architecture = architecture;
      this.title = title;
    }

    /** The id of its architecture. */
    String architecture() {
      return architecture;
    }

    /** Its name for people. */
    String title() {
      return title;
    }
  }

  private static final Set<String> SANDBOXES = Set.of("docker", "local");

  /** Reads the arguments; an {@link IllegalArgumentException} says what is wrong. */
  static DemoArguments of(List<String> args) {
    String sandbox = "local";
    Agent agent = Agent.CLAUDE;
    Iterator<String> rest = args.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      String value = rest.hasNext() ? rest.next() : "";
      switch (argument) {
        case "--sandbox" -> sandbox = oneOf("--sandbox", value, SANDBOXES);
        case "--agent" ->
            agent =
                Agent.valueOf(
                    oneOf("--agent", value, Set.of("claude", "gemini", "opencode"))
                        .toUpperCase(Locale.ROOT));
        default ->
            throw new IllegalArgumentException(
                "unknown argument " + argument + "; known: --sandbox, --agent");
      }
    }
    return new DemoArguments(sandbox, agent);
  }

  private static String oneOf(String argument, String value, Set<String> known) {
    if (!known.contains(value)) {
      throw new IllegalArgumentException(
          argument
              + " must be one of "
              + known.stream().sorted().toList()
              + ", not '"
              + value
              + "'");
    }
    return value;
  }
}
