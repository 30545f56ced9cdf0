package io.agentruntime.scriptedmodel.play;

/** One entry of a conversation, in the order of the request. */
public sealed interface Item {

  /** A text that the user wrote. */
  record UserText(String text) implements Item {}

  /** An image that the user sent. */
  record UserImage(String mediaType, int bytes, String sha256) implements Item {}

  /** A text that the agent program put into the user's place: reminders, notices. */
  record ProgramText(String text) implements Item {}

  /** What a tool returned. */
  record ToolResult(String text, boolean failed) implements Item {}

  /** A message of the model. */
  record ModelMessage(boolean callsTools) implements Item {}
}
