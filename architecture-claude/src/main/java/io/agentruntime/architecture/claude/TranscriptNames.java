// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import java.util.Optional;

/**
 * The names of a transcript's files: {@code <id>.jsonl} for the session, {@code
 * <id>/subagents/agent-<x>.jsonl} for a subagent, or {@code agent-<x>.jsonl} beside the session in
 * older versions. A folder named after the working directory may stand before them.
 */
final class TranscriptNames {
  private static final String PREFIX = "agent-";
  private static final String LINES = ".jsonl";
  private static final String META = ".meta.json";

  private TranscriptNames() {}

  static String main(String nativeId) {
    return nativeId + LINES;
  }

  static String subagent(String nativeId, String agentId) {
    return nativeId + "/subagents/" + PREFIX + agentId + LINES;
  }

  /**
   * The name without the folder of a working directory, which may be another one now. That folder's
   * name begins with a dash, since working directories are absolute; ids do not.
   */
  static String withoutProject(String name) {
    return name.startsWith("-") ? name.substring(name.indexOf('/') + 1) : name;
  }

  /** The name under which a file is restored for a session of the program. */
  static String restored(String name, String nativeId) {
    String bare = withoutProject(name);
    if (isMain(bare)) {
      return main(nativeId);
    }
    int slash = bare.indexOf('/');
    boolean session = slash > 0 && !bare.startsWith("memory/");
    return session ? nativeId + bare.substring(slash) : bare;
  }

  private static String fileName(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** Whether this is the session's own file. */
  static boolean isMain(String name) {
    return name.endsWith(LINES)
        && !fileName(name).startsWith(PREFIX)
        && !("/" + name).contains("/subagents/");
  }

  /** Whose lines these are, without prefix; empty for anything but a subagent's file. */
  static Optional<String> agentOf(String name) {
    String file = fileName(name);
    return file.endsWith(LINES) && file.startsWith(PREFIX)
        ? Optional.of(agentId(file.substring(0, file.length() - LINES.length())))
        : Optional.empty();
  }

  /** Whose description this is, without prefix; empty for anything else. */
  static Optional<String> describedAgent(String name) {
    String file = fileName(name);
    return file.endsWith(META) && file.startsWith(PREFIX)
        ? Optional.of(agentId(file.substring(0, file.length() - META.length())))
        : Optional.empty();
  }

  /** A subagent's id without the prefix that file names have, however often it was put there. */
  static String agentId(String id) {
    String bare = id;
    while (bare.startsWith(PREFIX)) {
      bare = bare.substring(PREFIX.length());
    }
    return bare;
  }
}
