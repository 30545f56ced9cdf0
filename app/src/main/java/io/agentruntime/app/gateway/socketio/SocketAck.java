// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.socketio;

import io.agentruntime.app.gateway.protocol.SocketCodec;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Acknowledges an event of a socket. Thread-safe. */
final class SocketAck implements Ack {
  private final SocketIoSocket socket;
  private final long id;
  private final AtomicBoolean sent = new AtomicBoolean();

  SocketAck(SocketIoSocket socket, long id) {
    this.socket = socket;
    this.id = id;
  }

  @Override
  public void send(@Nullable Object... args) {
    if (sent.compareAndSet(false, true)) {
      socket.send(SocketCodec.ack(socket.namespace(), id, Arrays.asList(args)));
    }
  }
}
