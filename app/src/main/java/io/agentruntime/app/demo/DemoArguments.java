package io.agentruntime.app.demo;

import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The demo's command line.
 *
 * @param sandbox {@code docker} or {@code local}
 */
record DemoArguments(String sandbox) {
  private static final Set<String> SANDBOXES = Set.of("docker", "local");

  /** Reads the arguments; an {@link IllegalArgumentException} says what is wrong. */
  static DemoArguments of(List<String> args) {
    String sandbox = "local";
    Iterator<String> rest = args.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      String value = rest.hasNext() ? rest.next() : "";
      switch (argument) {
        case "--sandbox" -> sandbox = oneOf("--sandbox", value, SANDBOXES);
        case "--agent" -> oneOf("--agent", value, Set.of("claude"));
        default ->
            throw new IllegalArgumentException(
                "unknown argument " + argument + "; known: --sandbox, --agent");
      }
    }
    return new DemoArguments(sandbox);
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
