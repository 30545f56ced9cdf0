package io.agentruntime.scriptedmodel.anthropic;

import io.agentruntime.scriptedmodel.play.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells what the user wrote from what the agent program put beside it: reminders in their own
 * element, notices about tasks and commands, and the mark of an interruption.
 */
final class UserTexts {

  private static final Pattern REMINDER =
      Pattern.compile("<system-reminder>.*?</system-reminder>", Pattern.DOTALL);
  private static final List<String> NOTICES =
      List.of(
          "<task-notification>",
          "<local-command-",
          "<command-name>",
          "<command-message>",
          "[Request interrupted by user");

  private UserTexts() {}

  /** The items in one text block of a user message, in order. */
  static List<Item> items(String text) {
    List<Item> items = new ArrayList<>();
    Matcher reminder = REMINDER.matcher(text);
    int end = 0;
    while (reminder.find()) {
      add(items, text.substring(end, reminder.start()));
      items.add(new Item.ProgramText(reminder.group()));
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
    boolean notice = NOTICES.stream().anyMatch(start::startsWith);
    items.add(notice ? new Item.ProgramText(text) : new Item.UserText(text));
  }
}
