// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.script;

import io.agentruntime.scriptedmodel.script.Step.Calls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads scripts out of prompts. Immutable and thread-safe.
 *
 * <p>A prompt's tags, in order, are its script; text around them is for people. The module's README
 * holds the whole language; in short: {@code [[text:…]]}, {@code [[think:…]]}, {@code [[write
 * path|content]]}, {@code [[bash:…]]}, {@code [[read:path]]}, {@code [[edit path|before|after]]},
 * {@code [[subagent:prompt]]}, {@code [[tool Name|{json}]]}, {@code [[and]]} between two tool tags
 * to call them at once, {@code [[slow:chunks,ms]]}, {@code [[pace:codePoints,ms]]}, {@code
 * [[wait:ms]]}, {@code [[repeat:times|…]]}, {@code [[recall]]}, {@code [[look]]}, {@code
 * [[find:text]]}, {@code [[tools]]}, {@code [[result]]}, {@code [[fault:529x2]]}, {@code [[cut]]},
 * {@code [[hang]]}, {@code [[stop:max_tokens]]}, {@code [[scenario:name]]} and {@code
 * [[json:[…]]]}.
 */
public final class ScriptReader {

  private static final int MAX_DEPTH = 8;
  private static final int MAX_STEPS = 10_000;
  private static final int MAX_REPEATED_CHARACTERS = 16_000_000;
  private static final Set<String> COMPOSED = Set.of("repeat", "scenario", "json", "and");

  private final Map<String, String> scenarios;

  /**
   * @param scenarios scripts by name, for {@code [[scenario:name]]}
   */
  public ScriptReader(Map<String, String> scenarios) {
    this.scenarios = Map.copyOf(scenarios);
  }

  /**
   * The script in a prompt, empty when it holds no tags.
   *
   * @throws ScriptException when a tag is wrong; the message says which and why
   */
  public Script read(String prompt) {
    return new Script(new Reading().text(prompt, 0));
  }

  private static boolean isKnown(String name) {
    return COMPOSED.contains(name) || StepKind.ALL.containsKey(name);
  }

  /** One reading, with its limits. */
  private final class Reading {

    private int steps;
    private int repeatedCharacters;

    List<Step> text(String text, int depth) {
      if (depth > MAX_DEPTH) {
        throw new ScriptException("Scripts are nested deeper than " + MAX_DEPTH);
      }
      Sequence sequence = new Sequence();
      for (TagScanner.Tag tag : new TagScanner(text, ScriptReader::isKnown).tags()) {
        switch (tag.name()) {
          case "and" -> sequence.join();
          case "json" -> json(tag.argument(), depth).forEach(sequence::add);
          case "scenario" -> scenario(tag.argument(), depth).forEach(sequence::add);
          case "repeat" -> {
            Fields fields = Fields.ofTag("repeat", List.of("times", "body"), tag.argument());
            repeat(fields, depth).forEach(sequence::add);
          }
          default -> sequence.add(simple(tag));
        }
      }
      return sequence.steps();
    }

    private List<Step> json(String json, int depth) {
      if (depth > MAX_DEPTH) {
        throw new ScriptException("Scripts are nested deeper than " + MAX_DEPTH);
      }
      Sequence sequence = new Sequence();
      for (JsonScript.Entry entry : JsonScript.entries(json)) {
        Fields fields = new Fields(entry.name(), entry.fields());
        switch (entry.name()) {
          case "and" -> sequence.join();
          case "scenario" -> scenario(fields.required("name"), depth).forEach(sequence::add);
          case "repeat" -> repeat(fields, depth).forEach(sequence::add);
          default -> sequence.add(simple(fields));
        }
      }
      return sequence.steps();
    }

    private List<Step> scenario(String argument, int depth) {
      String name = argument.strip();
      String script = scenarios.get(name);
      if (script == null) {
        throw new ScriptException(
            "There is no scenario "
                + name
                + "; known: "
                + scenarios.keySet().stream().sorted().toList());
      }
      return text(script, depth + 1);
    }

    private List<Step> repeat(Fields fields, int depth) {
      fields.allowOnly(Set.of("times", "body", "steps"));
      int times = fields.number("times", 1, 1, 1_000_000);
      String body = fields.optional("steps").orElse(fields.text("body"));
      boolean json = fields.optional("steps").isPresent();
      if (!json && new TagScanner(body, ScriptReader::isKnown).tags().isEmpty()) {
        return List.of(counted(new Step.Say(repeatedText(body, times))));
      }
      List<Step> all = new ArrayList<>();
      for (int n = 1; n <= times; n++) {
        String round = body.replace("{n}", Integer.toString(n));
        all.addAll(json ? json(round, depth + 1) : text(round, depth + 1));
      }
      return all;
    }

    private String repeatedText(String body, int times) {
      StringBuilder text = new StringBuilder();
      for (int n = 1; n <= times; n++) {
        text.append(body.replace("{n}", Integer.toString(n)));
        if (text.length() + repeatedCharacters > MAX_REPEATED_CHARACTERS) {
          throw new ScriptException(
              "repeat makes more than " + MAX_REPEATED_CHARACTERS + " characters");
        }
      }
      repeatedCharacters += text.length();
      return text.toString();
    }

    private Step simple(TagScanner.Tag tag) {
      StepKind kind = kind(tag.name());
      return counted(kind.step().apply(Fields.ofTag(tag.name(), kind.tagFields(), tag.argument())));
    }

    private Step simple(Fields fields) {
      StepKind kind = kind(fields.step());
      fields.allowOnly(kind.fieldNames());
      return counted(kind.step().apply(fields));
    }

    private StepKind kind(String name) {
      StepKind kind = StepKind.ALL.get(name);
      if (kind == null) {
        throw new ScriptException("There is no step " + name);
      }
      return kind;
    }

    private Step counted(Step step) {
      if (++steps > MAX_STEPS) {
        throw new ScriptException("A script has at most " + MAX_STEPS + " steps");
      }
      return step;
    }
  }

  /** Collects steps and joins tool calls around an {@code and}. */
  private static final class Sequence {

    private final List<Step> steps = new ArrayList<>();
    private boolean joining;

    void join() {
      if (steps.isEmpty() || !(steps.getLast() instanceof Calls) || joining) {
        throw new ScriptException("[[and]] stands between two tool calls");
      }
      joining = true;
    }

    void add(Step step) {
      if (!joining) {
        steps.add(step);
        return;
      }
      if (!(step instanceof Calls second) || !(steps.removeLast() instanceof Calls first)) {
        throw new ScriptException("[[and]] stands between two tool calls");
      }
      List<ToolCall> calls = new ArrayList<>(first.calls());
      calls.addAll(second.calls());
      steps.add(new Calls(calls));
      joining = false;
    }

    List<Step> steps() {
      if (joining) {
        throw new ScriptException("[[and]] stands between two tool calls");
      }
      return steps;
    }
  }
}
