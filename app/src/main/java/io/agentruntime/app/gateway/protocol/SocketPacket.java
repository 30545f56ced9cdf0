// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One Socket.IO packet as it came in. Values are plain maps, lists, strings, numbers, booleans,
 * null and, where the client sent attachments, byte arrays.
 */
public sealed interface SocketPacket {
  /** The namespace it belongs to; the main one is {@code /}. */
  String namespace();

  /** Asks to join a namespace. */
  record Connect(String namespace, Map<String, @Nullable Object> auth) implements SocketPacket {
    /** Wraps, since values may be null. */
    public Connect {
      auth = Collections.unmodifiableMap(auth);
    }

    /** Without the payload, which holds the client's secret. */
    @Override
    public String toString() {
      return "Connect[namespace=" + namespace + "]";
    }
  }

  /** Leaves a namespace. */
  record Disconnect(String namespace) implements SocketPacket {}

  /**
   * Carries an event.
   *
   * @param id under which an acknowledgement is expected; null if none is
   */
  record Event(String namespace, @Nullable Long id, String name, List<@Nullable Object> args)
      implements SocketPacket {
    /** Wraps, since values may be null. */
    public Event {
      args = Collections.unmodifiableList(args);
    }
  }

  /** Acknowledges an event that this side sent. */
  record Ack(String namespace, long id, List<@Nullable Object> args) implements SocketPacket {
    /** Wraps, since values may be null. */
    public Ack {
      args = Collections.unmodifiableList(args);
    }
  }

  /** Refuses a namespace; only servers send it. */
  record ConnectError(String namespace, @Nullable Object data) implements SocketPacket {}
}
