package io.agentruntime.scriptedmodel.play;

/** One entry of a conversation, in the order of the request. */
public sealed interface Item {

  /**
   * A text that the user wrote.
   *
   * @param midTurn whether the program says that it was sent while the model was at work
   */
  record UserText(String text, boolean midTurn) implements Item {}

  /** An image that the user sent. */
  record UserImage(String mediaType, int bytes, String sha256) implements Item {}

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
