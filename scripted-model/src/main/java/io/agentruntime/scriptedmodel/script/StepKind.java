// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.script;

import io.agentruntime.scriptedmodel.script.Step.Calls;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The table of simple steps: name, fields in the order of the tag form, further fields that only
 * the JSON form has, and how they become a step. Steps that hold other steps are {@link
 * ScriptReader}'s.
 */
record StepKind(List<String> tagFields, List<String> jsonFields, Function<Fields, Step> step) {

  private static final int MAX_MILLIS = 3_600_000;

  static final Map<String, StepKind> ALL = all();

  Set<String> fieldNames() {
    Set<String> names = new LinkedHashSet<>(tagFields);
    names.addAll(jsonFields);
    return names;
  }

  private static Map<String, StepKind> all() {
    Map<String, StepKind> kinds = new LinkedHashMap<>();
    add(kinds, "text", List.of("text"), f -> new Step.Say(f.text("text")));
    add(kinds, "end", List.of(), f -> new Step.End());
    add(kinds, "think", List.of("text"), f -> new Step.Think(f.text("text")));
    add(kinds, "slow", List.of("spec"), List.of("chunks", "ms"), StepKind::slow);
    add(kinds, "pace", List.of("spec"), List.of("codePoints", "ms"), StepKind::pace);
    add(kinds, "wait", List.of("ms"), f -> new Step.Wait(f.millis("ms", MAX_MILLIS)));
    add(kinds, "recall", List.of(), f -> new Step.Recall());
    add(kinds, "look", List.of(), f -> new Step.Look());
    add(kinds, "tools", List.of(), f -> new Step.Tools());
    add(kinds, "result", List.of(), f -> new Step.Result());
    add(kinds, "find", List.of("text"), f -> new Step.Find(f.required("text")));
    add(kinds, "stop", List.of("reason"), f -> new Step.Stop(f.required("reason")));
    add(kinds, "fault", List.of("spec"), List.of("status", "times"), StepKind::fault);
    add(kinds, "cut", List.of("times"), f -> new Step.Cut(times(f)));
    add(kinds, "hang", List.of("times"), f -> new Step.Hang(times(f)));
    addCalls(kinds);
    return Map.copyOf(kinds);
  }

  private static void addCalls(Map<String, StepKind> kinds) {
    add(
        kinds,
        "write",
        List.of("path", "content"),
        f -> call(new ToolCall.Write(f.required("path").strip(), f.text("content"))));
    add(
        kinds,
        "edit",
        List.of("path", "before", "after"),
        f ->
            call(
                new ToolCall.Edit(
                    f.required("path").strip(), f.required("before"), f.text("after"))));
    add(kinds, "read", List.of("path"), f -> call(new ToolCall.Read(f.required("path").strip())));
    add(kinds, "bash", List.of("command"), f -> call(new ToolCall.Shell(f.required("command"))));
    add(
        kinds,
        "subagent",
        List.of("prompt"),
        List.of("description", "type", "background"),
        f ->
            call(
                new ToolCall.Delegate(
                    f.required("prompt"),
                    f.optional("description").orElse("Delegated work"),
                    f.text("type"),
                    f.flag("background"))));
    add(
        kinds,
        "tool",
        List.of("name", "input"),
        f ->
            call(
                new ToolCall.Named(
                    f.required("name").strip(),
                    JsonScript.object(f.optional("input").orElse("{}")))));
  }

  private static void add(
      Map<String, StepKind> kinds, String name, List<String> fields, Function<Fields, Step> step) {
    add(kinds, name, fields, List.of(), step);
  }

  private static void add(
      Map<String, StepKind> kinds,
      String name,
      List<String> tagFields,
      List<String> jsonFields,
      Function<Fields, Step> step) {
    kinds.put(name, new StepKind(tagFields, jsonFields, step));
  }

  private static Step call(ToolCall call) {
    return new Calls(List.of(call));
  }

  private static Step slow(Fields f) {
    Fields split = twoNumbers(f, "chunks", "ms");
    return new Step.Slow(split.number("chunks", 10, 1, 1_000_000), split.millis("ms", MAX_MILLIS));
  }

  private static Step pace(Fields f) {
    Fields split = twoNumbers(f, "codePoints", "ms");
    Duration gap = split.millis("ms", MAX_MILLIS);
    return new Step.Pace(split.number("codePoints", 12, 1, 1_000_000), gap);
  }

  /** {@code 529x2} in the tag form. */
  private static Step fault(Fields f) {
    String spec = f.optional("spec").orElse(f.text("status")).strip().toLowerCase(Locale.ROOT);
    int x = spec.indexOf('x');
    Map<String, String> values = new LinkedHashMap<>(f.values());
    values.put("status", x < 0 ? spec : spec.substring(0, x));
    if (x >= 0) {
      values.put("times", spec.substring(x + 1));
    }
    Fields split = new Fields(f.step(), values);
    split.required("status");
    return new Step.Fault(split.number("status", 500, 400, 599), times(split));
  }

  private static int times(Fields f) {
    return f.number("times", 0, 1, 1_000_000);
  }

  /** {@code 20,100}, also with words: {@code 20 chunks, 100 ms each}. */
  private static Fields twoNumbers(Fields f, String first, String second) {
    Map<String, String> values = new LinkedHashMap<>(f.values());
    if (f.optional("spec").isPresent()) {
      String[] numbers = f.text("spec").replaceAll("[^0-9]+", " ").strip().split(" ", -1);
      if (numbers.length > 2 || numbers[0].isEmpty()) {
        throw new ScriptException(f.step() + " wants " + first + "," + second);
      }
      values.put(first, numbers[0]);
      values.put(second, numbers.length > 1 ? numbers[1] : "0");
    }
    return new Fields(f.step(), values);
  }
}
