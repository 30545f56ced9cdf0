// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What one client does in one session. The same seed and kind give the same script.
 *
 * @param kind which of the kinds
 * @param profile the agent profile
 * @param steps the messages in order
 * @param exact whether its conversation is the same each time; not where timing decides what the
 *     agent gets to see
 */
record Script(Kind kind, String profile, List<Step> steps, boolean exact) {
  /** The file of the workspace to which each tool call adds its line. */
  static final String EFFECTS = "effects.txt";

  /** What a script is about. */
  enum Kind {
    /** One message after the other, with tools. */
    TOOLS,
    /** All messages at once. */
    QUEUE,
    /** A subagent, files, and a long text. */
    SUBAGENT,
    /** Tools that a person has to allow. */
    PERMISSION,
    /** A turn that is interrupted in the middle of its text. */
    INTERRUPT,
    /** A message for a turn that runs. */
    STEER
  }

  /** When a message is sent. */
  enum When {
    /** When all turns before have ended. */
    AFTER_ALL,
    /** At once. */
    NOW,
    /** In the middle of the text of the turn before. */
    DURING_TEXT
  }

  /**
   * A message.
   *
   * @param text what it says
   * @param mode how it is to be delivered
   * @param when when it is sent
   * @param interrupted whether the client stops its turn
   * @param effects the lines that its tools write
   */
  record Step(String text, String mode, When when, boolean interrupted, List<String> effects) {}

  /** Makes a script. */
  static Script of(long seed, Kind kind) {
    Random random = new Random(seed * 31 + kind.ordinal());
    Writer writer = new Writer(kind.name().toLowerCase(Locale.ROOT), random);
    return switch (kind) {
      case TOOLS -> {
        writer.add(When.AFTER_ALL, "queue", false, "think", "tool", "slow");
        writer.add(When.AFTER_ALL, "queue", false, "slow", "tool", "tool");
        writer.add(When.AFTER_ALL, "queue", false, "tool", "recall");
        yield writer.script(kind, "default", true);
      }
      case QUEUE -> {
        writer.add(When.AFTER_ALL, "queue", false, "slow", "tool");
        writer.add(When.NOW, "queue", false, "tool", "slow");
        writer.add(When.NOW, "queue", false, "think", "tool");
        writer.add(When.AFTER_ALL, "queue", false, "recall");
        yield writer.script(kind, "default", true);
      }
      case SUBAGENT -> {
        writer.add(When.AFTER_ALL, "queue", false, "subagent", "write", "tool");
        writer.add(When.NOW, "queue", false, "slow", "slow");
        yield writer.script(kind, "default", true);
      }
      case PERMISSION -> {
        writer.add(When.AFTER_ALL, "queue", false, "slow", "tool", "tool");
        writer.add(When.NOW, "queue", false, "tool", "slow");
        yield writer.script(kind, "asking", true);
      }
      case INTERRUPT -> {
        writer.add(When.AFTER_ALL, "queue", false, "tool");
        writer.add(When.AFTER_ALL, "queue", true, "long");
        writer.add(When.AFTER_ALL, "queue", false, "tool", "slow");
        yield writer.script(kind, "default", false);
      }
      case STEER -> {
        writer.add(When.AFTER_ALL, "queue", false, "slow", "tool", "slow");
        writer.add(When.DURING_TEXT, "steer", false, "tool");
        writer.add(When.AFTER_ALL, "queue", false, "tool");
        yield writer.script(kind, "default", false);
      }
    };
  }

  /** All lines that the tools write, in order. */
  List<String> effects() {
    return steps.stream().flatMap(step -> step.effects().stream()).toList();
  }

  private static final class Writer {
    private final String name;
    private final Random random;
    private final List<Step> steps = new ArrayList<>();

    Writer(String name, Random random) {
      this.name = name;
      this.random = random;
    }

    void add(When when, String mode, boolean interrupted, String... parts) {
      int number = steps.size() + 1;
      StringBuilder text = new StringBuilder("Message %s-%d.".formatted(name, number));
      List<String> effects = new ArrayList<>();
      for (String part : parts) {
        String word = name + "-" + number + "-" + Integer.toHexString(random.nextInt(0x10000));
        switch (part) {
          case "think" -> text.append("[[think:About ").append(word).append("]]");
          case "slow" ->
              text.append("[[text:Now ")
                  .append(word)
                  .append(".]]")
                  .append(slow(20, 60))
                  .append("[[end]]");
          case "long" -> text.append("[[slow:600,50]]");
          case "tool" -> {
            effects.add(word);
            text.append(
                "[[bash:echo %s >> %s; sleep 0.%d]]"
                    .formatted(word, EFFECTS, 1 + random.nextInt(4)));
          }
          case "write" -> text.append("[[write ").append(word).append(".txt|content of it]]");
          case "subagent" ->
              text.append("[[subagent:Say it. [[text:I am the helper ")
                  .append(word)
                  .append(".]]]]");
          case "recall" -> text.append("[[recall]]");
          default -> throw new IllegalArgumentException(part);
        }
      }
      steps.add(
          new Step(
              text.append("[[text:Done.]]").toString(),
              mode,
              when,
              interrupted,
              List.copyOf(effects)));
    }

    private String slow(int least, int most) {
      return "[[slow:%d,%d]]"
          .formatted(least + random.nextInt(most - least), 15 + random.nextInt(20));
    }

    Script script(Kind kind, String profile, boolean exact) {
      return new Script(kind, profile, List.copyOf(steps), exact);
    }
  }
}
