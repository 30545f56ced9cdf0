// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.openai;

import io.agentruntime.scriptedmodel.play.Item;
import java.util.List;

/** Tells what the user wrote from what the agent program put into the user's place. */
final class OpenCodeTexts {

  /** How OpenCode begins what it puts beside a user's text, or into its place. */
  private static final List<String> NOTICES =
      List.of(
          "<system-reminder>",
          "What did we do so far?",
          "Continue if you have next steps",
          "The following tool was executed by the user",
          "Summarize the task tool output above",
          "Read tool failed to read");

  /** How OpenCode begins when it shows a file that a prompt names; the file follows. */
  private static final String FILE = "Called the Read tool with the following input:";

  /** How OpenCode begins when it wants a title or a summary, quoting what the user wrote. */
  private static final List<String> ERRANDS =
      List.of("Generate a title for this conversation:", "Here is the conversation so far:");

  /** What tools return that were stopped by the user, or by the end of the program. */
  private static final List<String> STOPPED =
      List.of(
          "User aborted the command", "Tool execution aborted", "[Tool execution was interrupted]");

  private static final int STOPPED_WITHIN = 100;

  private OpenCodeTexts() {}

  /**
   * Adds a text of the user's side.
   *
   * @param before the text before it in the same message, empty for the first
   */
  static void add(List<Item> items, String text, String before) {
    String start = text.strip();
    if (start.isEmpty()) {
      return;
    }
    if (ERRANDS.stream().anyMatch(start::startsWith)) {
      items.add(new Item.Errand());
    } else if (before.startsWith(FILE)
        || start.startsWith(FILE)
        || NOTICES.stream().anyMatch(start::startsWith)) {
      items.add(new Item.ProgramText(text));
    } else {
      addPrompt(items, text);
    }
  }

  /**
   * The program says neither that a turn was interrupted nor that a message came while one ran: the
   * results of tools tell, which nothing but a message of the model follows otherwise.
   */
  private static void addPrompt(List<Item> items, String text) {
    boolean midTurn = false;
    boolean stopped = false;
    for (Item item : items.reversed()) {
      if (item instanceof Item.ModelMessage || item instanceof Item.Interruption) {
        break;
      }
      if (item instanceof Item.ToolResult result) {
        midTurn = true;
        stopped |= isStopped(result.text());
      }
    }
    if (stopped) {
      items.add(new Item.Interruption());
    }
    items.add(new Item.UserText(text, midTurn && !stopped));
  }

  private static boolean isStopped(String result) {
    String end = result.substring(Math.max(0, result.length() - STOPPED_WITHIN));
    return STOPPED.stream().anyMatch(end::contains);
  }

  /** A conversation that begins with an errand quotes the user: nothing else in it counts. */
  static List<Item> withoutQuotes(List<Item> items) {
    return !items.isEmpty() && items.getFirst() instanceof Item.Errand
        ? List.of(items.getFirst())
        : items;
  }
}
