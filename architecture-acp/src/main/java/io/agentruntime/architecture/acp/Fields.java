// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.workspace.WorkspacePath;
import java.nio.file.FileSystems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a program's configuration; what is wrong is refused with its place. Immutable.
 *
 * @param values JSON-like
 */
record Fields(Map<String, Object> values) {
  static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,199}");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,199}");
  private static final Set<String> RESERVED = Set.of("HOME", "PATH");
  private static final List<String> POLICIES =
      Stream.of(PermissionPolicy.values()).map(Fields::name).toList();
  private static final int MAX_WORDS = 500;
  private static final int MAX_TEXT = 1 << 20;

  private static String place(String key) {
    return ProgramConfig.FIELD + "." + key;
  }

  @Nullable String text(String key) {
    Object value = values.get(key);
    if (value == null || (value instanceof String text && isWord(text) && !text.isBlank())) {
      return (String) value;
    }
    throw AgentRuntimeException.invalid(place(key), "a text");
  }

  private static boolean isWord(String text) {
    return text.length() <= MAX_TEXT && text.indexOf('\0') < 0;
  }

  /** A relative path. */
  @Nullable String path(String key) {
    String path = text(key);
    if (path != null) {
      requirePath(place(key), path);
    }
    return path;
  }

  private static void requirePath(String place, String path) {
    try {
      new WorkspacePath(path);
    } catch (AgentRuntimeException e) {
      throw AgentRuntimeException.invalid(
          place, "a path in the home folder, without empty names, '.' and '..'");
    }
  }

  /** A command: its first word is a program. */
  List<String> words(String key) {
    return words(place(key), values.get(key));
  }

  private static List<String> words(String place, @Nullable Object value) {
    List<String> words = new ArrayList<>();
    for (Object each : list(place, value)) {
      if (!(each instanceof String word) || !isWord(word) || (words.isEmpty() && word.isBlank())) {
        throw AgentRuntimeException.invalid(place + "[" + words.size() + "]", "a text");
      }
      words.add(word);
    }
    return words;
  }

  private static List<?> list(String place, @Nullable Object value) {
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.size() <= MAX_WORDS) {
      return list;
    }
    throw AgentRuntimeException.invalid(place, "a list of up to " + MAX_WORDS);
  }

  /** Several commands. */
  List<List<String>> commands(String key) {
    List<List<String>> commands = new ArrayList<>();
    for (Object each : list(place(key), values.get(key))) {
      String place = place(key) + "[" + commands.size() + "]";
      List<String> command = words(place, each);
      if (command.isEmpty()) {
        throw AgentRuntimeException.invalid(place, "a program and its arguments, as a list");
      }
      commands.add(command);
    }
    return commands;
  }

  /** Names of variables. */
  List<String> names(String key) {
    List<String> names = words(key);
    for (int i = 0; i < names.size(); i++) {
      requireName(place(key) + "[" + i + "]", names.get(i));
    }
    return names;
  }

  private static void requireName(String place, String name) {
    if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
      throw AgentRuntimeException.invalid(
          place,
          "the name of a variable, like A_B1, other than " + RESERVED.stream().sorted().toList());
    }
  }

  private Map<String, String> texts(String key) {
    Object value = values.get(key);
    Map<String, String> texts = new LinkedHashMap<>();
    if (value == null) {
      return texts;
    }
    if (!(value instanceof Map<?, ?> map) || map.size() > MAX_WORDS) {
      throw AgentRuntimeException.invalid(place(key), "an object of up to " + MAX_WORDS);
    }
    map.forEach(
        (name, content) -> {
          if (!(content instanceof String text) || !isWord(text)) {
            throw AgentRuntimeException.invalid(place(key) + "." + name, "a text");
          }
          texts.put(String.valueOf(name), text);
        });
    return texts;
  }

  /** Variables with their values. */
  Map<String, String> variables(String key) {
    Map<String, String> variables = texts(key);
    variables.keySet().forEach(name -> requireName(place(key) + "." + name, name));
    return variables;
  }

  /** Files with their texts; objects and lists are written as JSON. */
  Map<String, String> files(String key) {
    Map<String, Object> written = new LinkedHashMap<>();
    written.put(key, values.get(key));
    if (values.get(key) instanceof Map<?, ?> map) {
      Map<String, Object> texts = new LinkedHashMap<>();
      map.forEach((path, value) -> texts.put(String.valueOf(path), written(value)));
      written.put(key, texts);
    }
    Map<String, String> files = new Fields(written).texts(key);
    files.keySet().forEach(path -> requirePath(place(key) + "." + path, path));
    return files;
  }

  private static @Nullable Object written(@Nullable Object value) {
    return value instanceof Map || value instanceof List ? Json.write(value) + "\n" : value;
  }

  /** A text, or an object with one for each policy. */
  @Nullable String text(String key, PermissionPolicy policy) {
    if (!(values.get(key) instanceof Map<?, ?> map)) {
      return text(key);
    }
    Map<String, Object> each = new LinkedHashMap<>();
    for (PermissionPolicy known : PermissionPolicy.values()) {
      String name = name(known);
      each.put(key + "." + name, map.get(name));
      new Fields(each).text(key + "." + name);
    }
    if (!POLICIES.containsAll(map.keySet())) {
      throw AgentRuntimeException.invalid(place(key), "a text, or an object with " + POLICIES);
    }
    return new Fields(each).text(key + "." + name(policy));
  }

  private static String name(PermissionPolicy policy) {
    return policy.name().toLowerCase(Locale.ROOT);
  }

  /** Patterns of files. */
  List<String> globs(String key) {
    List<String> globs = words(key);
    for (int i = 0; i < globs.size(); i++) {
      String place = place(key) + "[" + i + "]";
      requirePath(place, globs.get(i));
      try {
        FileSystems.getDefault().getPathMatcher("glob:" + globs.get(i));
      } catch (PatternSyntaxException e) {
        throw AgentRuntimeException.invalid(place, "a glob such as .agent/sessions/*.jsonl");
      }
    }
    return globs;
  }
}
