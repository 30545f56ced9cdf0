// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.play;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the model can say about the conversation it was given. */
record Testimony(Conversation conversation) {

  private static final int MAX_QUOTED = 20_000;

  /** All user texts but the latest. */
  String earlierTexts() {
    List<String> texts =
        conversation.items().stream()
            .filter(Item.UserText.class::isInstance)
            .map(item -> ((Item.UserText) item).text().strip())
            .toList();
    if (texts.size() < 2) {
      return "I remember no earlier message.\n";
    }
    return texts.subList(0, texts.size() - 1).stream()
        .map(text -> "- " + shortened(text))
        .collect(Collectors.joining("\n", "I remember:\n", "\n"));
  }

  /** What the user sent since the model last spoke. */
  String latestUserMessage() {
    List<String> seen = new ArrayList<>();
    for (Item item : conversation.items()) {
      switch (item) {
        case Item.ModelMessage model -> seen.clear();
        case Item.Interruption interruption -> seen.clear();
        case Item.UserText user -> seen.add("text, " + user.text().length() + " characters");
        case Item.UserImage image ->
            seen.add(
                "image %s, %d bytes, sha256 %s"
                    .formatted(image.mediaType(), image.bytes(), image.sha256()));
        case Item.ToolResult result -> {}
        case Item.ProgramText program -> {}
        case Item.Resume resume -> {}
        case Item.Errand errand -> {}
      }
    }
    return "I see: " + String.join("; ", seen) + "\n";
  }

  /** Whether a text stands in the instructions or in what the program added to the conversation. */
  String search(String needle) {
    boolean found =
        conversation.instructions().contains(needle)
            || conversation.items().stream()
                .anyMatch(
                    item ->
                        item instanceof Item.ProgramText program
                            && program.text().contains(needle));
    return (found ? "Found: " : "Not found: ") + needle + "\n";
  }

  String tools() {
    return "Tools: " + String.join(", ", conversation.tools()) + "\n";
  }

  String latestResult() {
    return conversation.items().reversed().stream()
        .filter(Item.ToolResult.class::isInstance)
        .map(item -> shortened(((Item.ToolResult) item).text()))
        .findFirst()
        .orElse("(There is no tool result.)");
  }

  /** Whether what the model is asked for is none of the user's. */
  boolean endsWithErrand() {
    for (Item item : conversation.items().reversed()) {
      if (item instanceof Item.Errand) {
        return true;
      }
      if (item instanceof Item.UserText || item instanceof Item.ModelMessage) {
        return false;
      }
    }
    return false;
  }

  static String shortened(String text) {
    return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
  }
}
