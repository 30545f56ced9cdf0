// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of TOML that {@code ~/.modal.toml} is written in: tables of strings and booleans. Its
 * values are secret.
 */
final class ProfileFile {
  private static final long MAX_BYTES = 1 << 20;
  private static final Pattern TABLE = Pattern.compile("\\[\\s*\"?([^\\]\"]+?)\"?\\s*]\\s*(#.*)?");
  private static final Pattern VALUE =
      Pattern.compile(
          "([A-Za-z0-9_-]+)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s#\"']+))\\s*(#.*)?");

  private final Path path;
  private final Map<String, Map<String, String>> profiles = new LinkedHashMap<>();

  private ProfileFile(Path path) {
    this.path = path;
  }

  /** Reads a file; one that does not exist has no profiles. */
  static ProfileFile read(Path path) {
    ProfileFile file = new ProfileFile(path);
    if (!Files.exists(path)) {
      return file;
    }
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw file.unreadable("it has over " + MAX_BYTES + " bytes", null);
      }
      file.parse(Files.readString(path));
      return file;
    } catch (IOException e) {
      throw file.unreadable(e.toString(), e);
    }
  }

  /**
   * The values of a profile.
   *
   * @param name null for the one that is marked active, or {@code default}
   * @throws AgentRuntimeException {@code CONFIGURATION} when a named profile does not exist
   */
  Map<String, String> profile(@Nullable String name) {
    if (name != null) {
      Map<String, String> named = profiles.get(name);
      if (named == null) {
        throw new AgentRuntimeException(
            StandardError.CONFIGURATION,
            "Modal profile '" + name + "' is not in " + path + ", which has " + profiles.keySet());
      }
      return named;
    }
    return profiles.values().stream()
        .filter(values -> "true".equals(values.get("active")))
        .findFirst()
        .orElseGet(() -> profiles.getOrDefault("default", Map.of()));
  }

  private void parse(String text) {
    Map<String, String> present = new LinkedHashMap<>();
    int number = 0;
    for (String raw : text.split("\\R")) {
      number++;
      String line = raw.strip();
      Matcher table = TABLE.matcher(line);
      Matcher value = VALUE.matcher(line);
      if (table.matches()) {
        present = profiles.computeIfAbsent(table.group(1), _ -> new LinkedHashMap<>());
      } else if (value.matches()) {
        String text1 = value.group(2) != null ? value.group(2) : value.group(3);
        present.put(value.group(1), text1 != null ? text1 : value.group(4));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        // The line itself may hold a token.
        throw unreadable("line " + number + " is neither [profile] nor key = \"value\"", null);
      }
    }
  }

  private AgentRuntimeException unreadable(String reason, @Nullable Exception cause) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION, "Cannot read " + path + ": " + reason, cause);
  }
}
