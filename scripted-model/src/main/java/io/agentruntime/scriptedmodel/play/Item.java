// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.play;

import java.util.Base64;

/** One entry of a conversation, in the order of the request. */
public sealed interface Item {

  /**
   * A text that the user wrote.
   *
   * @param midTurn whether the program says that it was sent while the model was at work
   */
  record UserText(String text, boolean midTurn) implements Item {}

  /** An image that the user sent. */
  record UserImage(String mediaType, int bytes, String sha256) implements Item {

    /**
     * The image whose data are {@code base64}.
     *
     * @throws IllegalArgumentException when they are not; the message can be shown to the client
     */
    public static UserImage ofBase64(String mediaType, String base64) {
      byte[] bytes;
      try {
        bytes = Base64.getDecoder().decode(base64);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("An image's data is not base64", e);
      }
      return new UserImage(mediaType, bytes.length, Hashes.sha256(bytes));
    }
  }

  /** A text that the agent program put into the user's place: reminders, notices. */
  record ProgramText(String text) implements Item {}

  /** The user stopped the model; what follows is a new prompt. */
  record Interruption() implements Item {}

  /** The agent program asks for something of its own, such as a summary of the conversation. */
  record Errand() implements Item {}

  /** The agent program asks to go on with a model message that broke off. */
  record Resume() implements Item {}

  /** What a tool returned. */
  record ToolResult(String text, boolean failed) implements Item {}

  /** A message of the model. */
  record ModelMessage(boolean callsTools) implements Item {}
}
