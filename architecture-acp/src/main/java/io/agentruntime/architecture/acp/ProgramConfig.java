// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One program as it is configured.
 *
 * <p>Three levels say what it is: the server's settings, the profile's default options, the
 * session's options. A level that names a command describes a program of its own, and nothing of
 * the levels outside of it counts; a level without one amends them, key by key.
 *
 * @param command program and arguments
 * @param environment variables
 * @param secrets names of the server's variables that are handed on
 * @param files texts by path in the home folder
 * @param install commands that run once in a fresh sandbox
 * @param authMethod how it is to be logged in, null when that is not needed
 * @param mode the mode that its sessions are switched to, null for its own
 * @param transcripts globs of its records in the home folder
 * @param exporting the command that prints a session's records; empty for none
 * @param importing the command that takes them back; empty for none
 * @param instructions the file in the home folder where it looks for rules, null if it has none
 * @param model the model, null when none was chosen
 */
record ProgramConfig(
    List<String> command,
    Map<String, String> environment,
    List<String> secrets,
    Map<String, String> files,
    List<List<String>> install,
    @Nullable String authMethod,
    @Nullable String mode,
    List<String> transcripts,
    List<String> exporting,
    List<String> importing,
    @Nullable String instructions,
    @Nullable String model) {
  /** The option that holds all of it but the model. */
  static final String OPTION = "acp";

  static final String FIELD = "sessionOptions." + OPTION;
  private static final String MODEL = "{model}";

  /** The keys, as they are written in options. */
  static final List<String> KEYS =
      List.of(
          "command",
          "environment",
          "secrets",
          "files",
          "install",
          "authMethod",
          "mode",
          "transcripts",
          "export",
          "import",
          "instructions");

  /**
   * What is in force.
   *
   * @param server the server's settings in the form of the option
   * @param profile the profile
   * @param options the session's options
   * @throws AgentRuntimeException {@code INVALID_ARGUMENT}, naming the field
   */
  static ProgramConfig of(
      Map<String, Object> server, AgentProfile profile, Map<String, Object> options) {
    Map<String, Object> level = new LinkedHashMap<>(server);
    amend(level, profile.defaultOptions().get(OPTION), "profile.defaultOptions." + OPTION);
    amend(level, options.get(OPTION), FIELD);
    Fields fields = new Fields(level);
    List<String> command = fields.words("command");
    if (command.isEmpty()) {
      throw AgentRuntimeException.invalid(
          FIELD + ".command", "a program that speaks ACP and its arguments, as a list of texts");
    }
    List<String> exporting = fields.words("export");
    List<String> importing = fields.words("import");
    if (exporting.isEmpty() != importing.isEmpty()) {
      throw AgentRuntimeException.invalid(FIELD + ".import", "both export and import, or neither");
    }
    List<String> transcripts = fields.globs("transcripts");
    if (!exporting.isEmpty() && !transcripts.isEmpty()) {
      throw AgentRuntimeException.invalid(
          FIELD + ".transcripts", "either transcripts or export and import");
    }
    ProgramConfig config =
        new ProgramConfig(
            command,
            fields.variables("environment"),
            secrets(fields, server),
            fields.files("files"),
            fields.commands("install"),
            fields.text("authMethod"),
            fields.text("mode", profile.permissions()),
            transcripts,
            exporting,
            importing,
            fields.path("instructions"),
            model(profile, options));
    config.checkModel();
    return config;
  }

  private static void amend(Map<String, Object> level, @Nullable Object inner, String field) {
    if (inner == null) {
      return;
    }
    if (!(inner instanceof Map<?, ?> map)) {
      throw AgentRuntimeException.invalid(field, "an object");
    }
    if (map.containsKey("command")) {
      level.clear();
    }
    map.forEach(
        (key, value) -> {
          if (!KEYS.contains(String.valueOf(key))) {
            throw AgentRuntimeException.invalid(
                field + "." + key, "one of " + String.join(", ", KEYS));
          }
          if (value != null) {
            level.put(String.valueOf(key), value);
          }
        });
  }

  /** Names that the operator has released; a profile cannot take others from the server. */
  private static List<String> secrets(Fields fields, Map<String, Object> server) {
    List<String> released = new Fields(server).names("secrets");
    List<String> wanted = fields.names("secrets");
    for (int i = 0; i < wanted.size(); i++) {
      if (!released.contains(wanted.get(i))) {
        throw AgentRuntimeException.invalid(
            FIELD + ".secrets[" + i + "]",
            "a variable that the server's setting architecture.acp.secrets names, not "
                + wanted.get(i));
      }
    }
    return wanted;
  }

  private static @Nullable String model(AgentProfile profile, Map<String, Object> options) {
    Object value = options.getOrDefault("model", profile.defaultOptions().get("model"));
    if (value == null) {
      return null;
    }
    if (value instanceof String text && Fields.MODEL.matcher(text).matches()) {
      return text;
    }
    throw AgentRuntimeException.invalid("sessionOptions.model", "the name of a model");
  }

  private void checkModel() {
    boolean wanted =
        Stream.of(command.stream(), environment.values().stream(), files.values().stream())
            .flatMap(each -> each)
            .anyMatch(text -> text.contains(MODEL));
    if (wanted && model == null) {
      throw AgentRuntimeException.invalid(
          "sessionOptions.model", "a model: the program's configuration has " + MODEL);
    }
    if (!wanted && model != null) {
      throw AgentRuntimeException.invalid(
          "sessionOptions.model",
          "no model, or " + MODEL + " in " + FIELD + ": otherwise it does not reach the program");
    }
  }

  /** A configured text with the names that stand for something filled in. */
  String filled(String text, SandboxPaths paths) {
    String filled =
        text.replace("{home}", paths.home())
            .replace("{workspace}", paths.workspace())
            .replace("{scratch}", paths.scratch());
    return model == null ? filled : filled.replace(MODEL, model);
  }

  List<String> filled(List<String> words, SandboxPaths paths) {
    return words.stream().map(word -> filled(word, paths)).toList();
  }

  Map<String, String> filled(Map<String, String> texts, SandboxPaths paths) {
    Map<String, String> filled = new LinkedHashMap<>();
    texts.forEach((key, value) -> filled.put(key, filled(value, paths)));
    return filled;
  }

  /** The program's name for people. */
  String programName() {
    String program = command.getFirst();
    return program.substring(program.lastIndexOf('/') + 1);
  }

  @Override
  public String toString() {
    return "ProgramConfig[" + programName() + "]";
  }
}
