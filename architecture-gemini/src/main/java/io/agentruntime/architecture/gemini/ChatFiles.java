// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of the program's chat files: {@code PROJECT/chats/session-DATE-ID8.jsonl}, and {@code
 * PROJECT/chats/ID/SUBAGENT.jsonl} for a subagent.
 */
final class ChatFiles {
  /** How many characters of a session's id stand in its file's name. */
  static final int SHORT_ID = 8;

  private static final Pattern MAIN =
      Pattern.compile("[^/]+/chats/session-[^/]*-([0-9a-f]{8})\\.jsonl");
  private static final Pattern SUBAGENT = Pattern.compile("[^/]+/chats/[^/]+/([^/]+)\\.jsonl");
  private static final String ANY_PROJECT = "workspace";

  private ChatFiles() {}

  static boolean isMain(String name) {
    return MAIN.matcher(name).matches();
  }

  /** The file of a subagent without its ending; empty for other files. */
  static Optional<String> subagent(String name) {
    Matcher matcher = SUBAGENT.matcher(name);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  static String main(String nativeId) {
    return ANY_PROJECT + "/chats/session-restored-" + shortened(nativeId) + ".jsonl";
  }

  static String subagent(String nativeId, String subagent) {
    return ANY_PROJECT + "/chats/" + nativeId + "/" + subagent + ".jsonl";
  }

  static String shortened(String nativeId) {
    return nativeId.substring(0, Math.min(SHORT_ID, nativeId.length()));
  }

  /** The name in a sandbox whose project is named otherwise. */
  static String restored(String name, String project) {
    return project + name.substring(name.indexOf('/'));
  }
}
