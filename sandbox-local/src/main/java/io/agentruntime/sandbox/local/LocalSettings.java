// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.ProviderContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the provider is configured.
 *
 * @param programPath directories before the usual ones in {@code PATH}
 * @param readOnlyPaths what else of the host is visible behind bubblewrap
 * @param bubblewrap whether to use it
 */
record LocalSettings(List<Path> programPath, List<Path> readOnlyPaths, BubblewrapMode bubblewrap) {
  private static final String PROGRAM_PATH = "program-path";
  private static final String READ_ONLY_PATHS = "read-only-paths";
  private static final String BUBBLEWRAP = "bubblewrap";
  static final Set<String> KEYS = Set.of(PROGRAM_PATH, READ_ONLY_PATHS, BUBBLEWRAP);

  /** When programs are put behind bubblewrap. */
  enum BubblewrapMode {
    /** Where it works. */
    AUTO,
    /** It must work. */
    ALWAYS,
    /** Not even where it works. */
    NEVER
  }

  static LocalSettings of(ProviderContext context) {
    Set<String> unknown = new TreeSet<>(context.settingKeys());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw wrong(unknown.iterator().next(), "unknown; known are " + new TreeSet<>(KEYS));
    }
    return new LocalSettings(
        directories(context, PROGRAM_PATH),
        directories(context, READ_ONLY_PATHS),
        mode(context.setting(BUBBLEWRAP).orElse("auto")));
  }

  private static List<Path> directories(ProviderContext context, String key) {
    return Arrays.stream(context.setting(key).orElse("").split(":"))
        .filter(text -> !text.isBlank())
        .map(text -> directory(key, text.strip()))
        .toList();
  }

  private static Path directory(String key, String text) {
    Path directory = Path.of(text);
    if (!directory.isAbsolute() || !Files.isDirectory(directory)) {
      throw wrong(key, "'" + text + "' is no absolute path of a directory");
    }
    return directory.normalize();
  }

  private static BubblewrapMode mode(String text) {
    return switch (text) {
      case "auto" -> BubblewrapMode.AUTO;
      case "always" -> BubblewrapMode.ALWAYS;
      case "never" -> BubblewrapMode.NEVER;
      default -> throw wrong(BUBBLEWRAP, "'" + text + "' is none of " + modes());
    };
  }

  private static List<String> modes() {
    return Arrays.stream(BubblewrapMode.values())
        .map(mode -> mode.name().toLowerCase(Locale.ROOT))
        .toList();
  }

  static AgentRuntimeException wrong(String key, String why) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION, "sandbox provider 'local', setting '" + key + "': " + why);
  }
}
