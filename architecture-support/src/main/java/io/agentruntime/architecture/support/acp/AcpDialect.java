// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.model.turn.UserContent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** In what a program differs from others that speak the protocol. Implementations are pure. */
public interface AcpDialect {
  /** The program's name for people. */
  String programName();

  /** What must be in the sandbox for the program to run, for an error message. */
  String programFile();

  /** The way to log in that is to be chosen; empty when the program needs none. */
  default Optional<String> authenticationMethod() {
    return Optional.empty();
  }

  /** The mode that a session is switched to; empty to leave the program's own. */
  Optional<String> mode();

  /** The servers of the Model Context Protocol that a session is opened with. */
  default List<Map<String, Object>> mcpServers() {
    return List.of();
  }

  /**
   * Whether an update outside of a turn may be of the past that the program replays after it has
   * answered the request to load it.
   */
  default boolean isLateReplay(JsonNode update) {
    return false;
  }

  /** Lines to write once a session is open and quiet. */
  default List<String> onReady(String nativeSessionId) {
    return List.of();
  }

  /** The blocks of a prompt. */
  default List<Map<String, Object>> prompt(UserContent content) {
    return Prompts.of(content);
  }
}
