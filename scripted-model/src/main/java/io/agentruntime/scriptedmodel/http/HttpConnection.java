// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;

/** One client connection and the requests that come over it, one after the other. */
final class HttpConnection {

  private static final Logger LOG = System.getLogger(HttpConnection.class.getName());
  private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final Socket socket;
  private final HttpHandler handler;
  private final HttpService.Limits limits;
  private volatile boolean answering;
  private volatile boolean closing;

  HttpConnection(Socket socket, HttpHandler handler, HttpService.Limits limits) {
    this.socket = socket;
    this.handler = handler;
    this.limits = limits;
  }

  /** Serves until either side closes; never throws. */
  void run() {
    try (socket) {
      socket.setTcpNoDelay(true);
      ConnectionInput in = new ConnectionInput(socket);
      HttpResponder responder = new HttpResponder(socket, in);
      RequestReader reader = new RequestReader(in, responder, limits.maxBodyBytes());
      serve(in, reader, responder);
    } catch (ClientGoneException | SocketException | SocketTimeoutException e) {
      LOG.log(Level.DEBUG, "A connection ended: {0}", e.getMessage());
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.DEBUG, "A connection failed", e);
    }
  }

  private void serve(ConnectionInput in, RequestReader reader, HttpResponder responder)
      throws IOException {
    do {
      HttpRequest request;
      try {
        in.timeout(limits.idleTimeout());
        if (!in.awaitRequest()) {
          return;
        }
        in.timeout(REQUEST_TIMEOUT);
        responder.begin("GET", "HTTP/1.1", Map.of());
        request = reader.read();
      } catch (BadRequestException e) {
        refuse(in, responder, e);
        return;
      }
      if (request == null) {
        return;
      }
      answering = true;
      answer(request, responder);
      answering = false;
    } while (responder.reusable() && !closing);
  }

  private void answer(HttpRequest request, HttpResponder responder) throws IOException {
    try {
      handler.handle(request, responder);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "Answering " + request + " failed", e);
      responder.closeAfterwards();
      if (!responder.started()) {
        responder.send(500, Map.of(), new byte[0]);
      }
    }
  }

  private void refuse(ConnectionInput in, HttpResponder responder, BadRequestException e)
      throws IOException {
    responder.closeAfterwards();
    handler.refuse(e.status(), String.valueOf(e.getMessage()), responder);
    // Closing while the client still sends would reset the connection and lose the answer.
    socket.shutdownOutput();
    in.timeout(LINGER);
    in.discard(limits.maxBodyBytes());
  }

  void closeIfIdle() {
    closing = true;
    if (!answering) {
      close();
    }
  }

  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "Closing a connection failed", e);
    }
  }
}
