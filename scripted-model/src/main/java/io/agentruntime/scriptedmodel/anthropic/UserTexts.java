// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.anthropic;

import io.agentruntime.scriptedmodel.play.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells what the user wrote from what the agent program put beside it: reminders in their own
 * element, notices about tasks and commands, and the mark of an interruption.
 */
final class UserTexts {

  private static final Pattern REMINDER =
      Pattern.compile("<system-reminder>(.*?)</system-reminder>", Pattern.DOTALL);
  private static final List<String> NOTICES =
      List.of(
          "<task-notification>",
          "<local-command-",
          "<command-name>",
          "<command-message>",
          "[Image: ");

  /** How Claude Code begins when it wants to hear more after a message that ended too early. */
  private static final List<String> RESUME =
      List.of(
          "Your response above was cut off",
          "Your response above was stopped",
          "Output token limit hit.");

  /** How Claude Code begins when it wants a title or a summary, quoting what the user wrote. */
  private static final List<String> ERRANDS =
      List.of("<session>", "CRITICAL: Respond with TEXT ONLY");

  /** How Claude Code begins a conversation that goes on from a summary. */
  private static final String SUMMARY =
      "This session is being continued from a previous conversation";

  private static final String INTERRUPTED = "[Request interrupted by user";

  /** What Claude Code adds to the result of loading a tool. */
  private static final String TOOL_LOADED = "Tool loaded.";

  /** How Claude Code tells of a message that the user sent while a turn was running. */
  private static final Pattern STEERING =
      Pattern.compile(
          "The user sent a new message while you were working:\n(.*?)(?:\n\nThis is how .*)?$",
          Pattern.DOTALL);

  private UserTexts() {}

  /**
   * The user's text in a message with the role {@code system} or in a reminder, if there is one.
   */
  static Optional<Item> steering(String text) {
    Matcher matcher = STEERING.matcher(text.strip());
    return matcher.find()
        ? Optional.of(new Item.UserText(matcher.group(1), true))
        : Optional.empty();
  }

  /** The items in one text block of a user message, in order. */
  static List<Item> items(String text) {
    List<Item> items = new ArrayList<>();
    String start = text.stripLeading();
    if (start.startsWith(SUMMARY)) {
      items.add(new Item.ProgramText(text));
      return items;
    }
    if (ERRANDS.stream().anyMatch(start::startsWith)) {
      items.add(new Item.Errand());
      return items;
    }
    Matcher reminder = REMINDER.matcher(text);
    int end = 0;
    while (reminder.find()) {
      add(items, text.substring(end, reminder.start()));
      items.add(steering(reminder.group(1)).orElse(new Item.ProgramText(reminder.group())));
      end = reminder.end();
    }
    add(items, text.substring(end));
    return items;
  }

  private static void add(List<Item> items, String text) {
    String start = text.stripLeading();
    if (start.isEmpty()) {
      return;
    }
    if (RESUME.stream().anyMatch(start::startsWith)) {
      items.add(new Item.Resume());
      return;
    }
    if (start.startsWith(INTERRUPTED)) {
      items.add(new Item.Interruption());
      return;
    }
    boolean notice =
        NOTICES.stream().anyMatch(start::startsWith) || start.strip().equals(TOOL_LOADED);
    items.add(notice ? new Item.ProgramText(text) : new Item.UserText(text, false));
  }
}
