package io.agentruntime.scriptedmodel.openai;

import io.agentruntime.scriptedmodel.play.Item;
import java.util.List;
import java.util.Optional;

/** Tells what the user wrote from what the agent program put into the user's place. */
final class OpenCodeTexts {

  /** How OpenCode begins what it adds to a user's message. */
  private static final List<String> NOTICES = List.of("<system-reminder>");

  /** How OpenCode begins when it wants a title; the user's text follows in a message of its own. */
  private static final String TITLE = "Generate a title for this conversation:";

  private OpenCodeTexts() {}

  static Optional<Item> item(String text) {
    String start = text.strip();
    if (start.isEmpty()) {
      return Optional.empty();
    }
    if (start.startsWith(TITLE)) {
      return Optional.of(new Item.Errand());
    }
    return Optional.of(
        NOTICES.stream().anyMatch(start::startsWith)
            ? new Item.ProgramText(text)
            : new Item.UserText(text, false));
  }

  /** A conversation that begins with an errand quotes the user: nothing else in it counts. */
  static List<Item> withoutErrands(List<Item> items) {
    return !items.isEmpty() && items.getFirst() instanceof Item.Errand
        ? List.of(items.getFirst())
        : items;
  }
}
