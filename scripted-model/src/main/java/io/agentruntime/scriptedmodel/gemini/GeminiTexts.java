// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.gemini;

import io.agentruntime.scriptedmodel.play.Item;
import java.util.List;

/** Tells what the user wrote from what the agent program put into the user's place. */
final class GeminiTexts {

  private static final List<String> NOTICES =
      List.of(
          "<session_context>",
          "<hook_context>",
          "<state_snapshot>",
          "<background_",
          "This is the Gemini CLI.");

  /** How Gemini CLI begins when it wants a summary of the conversation, or a second look at it. */
  private static final List<String> ERRANDS =
      List.of("First, reason in your scratchpad", "Critically evaluate the <state_snapshot>");

  /** How Gemini CLI asks to go on after a message that ended too early. */
  private static final List<String> RESUME =
      List.of("Please continue.", "System: Please continue.");

  private GeminiTexts() {}

  static Item item(String text) {
    String start = text.strip();
    if (RESUME.contains(start)) {
      return new Item.Resume();
    }
    if (ERRANDS.stream().anyMatch(start::startsWith)) {
      return new Item.Errand();
    }
    return NOTICES.stream().anyMatch(start::startsWith)
        ? new Item.ProgramText(text)
        : new Item.UserText(text, false);
  }
}
