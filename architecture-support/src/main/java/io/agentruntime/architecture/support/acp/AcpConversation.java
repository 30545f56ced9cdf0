// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.protocol.Emitter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a program tells during turns into events. Confined to its protocol; never throws for
 * anything the program writes.
 */
public interface AcpConversation {
  /**
   * A session is open.
   *
   * @param continued whether it is one that the program knew
   */
  default void opened(boolean continued) {}

  /**
   * A prompt was sent.
   *
   * @param turn counts the turns of this process, from 1
   */
  void turnStarted(long turn);

  /** A {@code session/update} of the running turn. */
  void update(JsonNode update, Emitter out);

  /**
   * The program asks whether it may use a tool, which it may not have mentioned before.
   *
   * @return the tool's name
   */
  String toolAsked(JsonNode toolCall, Emitter out);

  /**
   * A request of the program was answered with no.
   *
   * @param toolCallId the tool it was about, empty if unknown
   */
  void toolRefused(String toolCallId);

  /**
   * A notification that is no part of the protocol.
   *
   * @return whether it is known
   */
  boolean extension(String method, JsonNode parameters, boolean inTurn, Emitter out);

  /**
   * The turn is over.
   *
   * @param result what the program answered to the prompt, null when it failed or ended
   */
  void turnEnded(@Nullable JsonNode result, Emitter out);

  /** Adds what the next protocol of this process must know. */
  void snapshot(Map<String, Object> into);
}
