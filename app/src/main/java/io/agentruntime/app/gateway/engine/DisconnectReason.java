// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

/** Why a connection or a socket ended. */
public enum DisconnectReason {
  /** The client closed the connection, or it broke. */
  TRANSPORT_CLOSED("transport close", 1000),
  /** The client broke the rules of the transport, or the transport failed. */
  TRANSPORT_ERROR("transport error", 1002),
  /** The client did not answer a ping in time. */
  PING_TIMEOUT("ping timeout", 1000),
  /** The client sent what is not the protocol. */
  PARSE_ERROR("parse error", 1002),
  /** The client sent a message beyond the limit. */
  MESSAGE_TOO_LONG("message too long", 1009),
  /** There are too many connections; the client may try again. */
  TOO_MANY_CONNECTIONS("too many connections", 1013),
  /** The client left the namespace. */
  CLIENT_LEFT("client namespace disconnect", 1000),
  /** This server ended the socket. */
  SERVER_LEFT("server namespace disconnect", 1000),
  /** The client took what was sent to it more slowly than it came; it may come back. */
  SLOW_CONSUMER("slow consumer", 1013),
  /** The client sent more messages than it may. */
  RATE_EXCEEDED("rate limit exceeded", 1008),
  /** The client sent messages faster than they could be handled. */
  INBOX_FULL("too many unhandled messages", 1008),
  /** The client joined no namespace in time. */
  CONNECT_TIMEOUT("connect timeout", 1008),
  /** The server stops; the client may come back to the next one. */
  SERVER_SHUTDOWN("server shutting down", 1001),
  /** A defect of this server. */
  INTERNAL_ERROR("internal error", 1011);

  private final String text;
  private final int closeCode;

  DisconnectReason(String text, int closeCode) {
    this.text = text;
    this.closeCode = closeCode;
  }

  /** The reason in the words of the protocol's other servers, where they have one. */
  public String text() {
    return text;
  }

  /** The code of the WebSocket close frame. */
  public int closeCode() {
    return closeCode;
  }
}
