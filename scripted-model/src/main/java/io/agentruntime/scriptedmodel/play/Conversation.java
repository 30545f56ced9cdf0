// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.play;

import java.util.List;
import java.util.Optional;

/**
 * A request, freed of its wire format.
 *
 * @param items what was said so far
 * @param instructions system text and whatever else the program tells the model
 * @param tools names of the offered tools
 * @param workingDirectory where the agent works, as far as the request says
 * @param formedAnswer what to answer when the request wants an answer of a given form
 * @param session tells clients apart, so that "fails twice" counts for each of them; may be empty
 * @param agent tells the agents of one session apart; empty for the main one
 */
public record Conversation(
    List<Item> items,
    String instructions,
    List<String> tools,
    Optional<String> workingDirectory,
    Optional<String> formedAnswer,
    String session,
    String agent) {

  public Conversation {
    items = List.copyOf(items);
    tools = List.copyOf(tools);
  }
}
