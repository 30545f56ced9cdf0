// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The answering side of one exchange: a whole body at once, or a stream written piece by piece.
 * Confined to the connection's thread.
 */
public final class HttpResponder {

  private final Socket socket;
  private final ConnectionInput in;
  private final OutputStream out;
  private String method = "GET";
  private boolean chunked = true;
  private boolean keepAlive;
  private boolean started;
  private boolean finished;

  HttpResponder(Socket socket, ConnectionInput in) throws IOException {
    this.socket = socket;
    this.in = in;
    this.out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
  }

  void begin(String requestMethod, String version, Map<String, String> headers) {
    method = requestMethod;
    chunked = !version.equals("HTTP/1.0");
    keepAlive = chunked && !"close".equalsIgnoreCase(headers.get("connection"));
    started = false;
    finished = false;
  }

  void sendContinue() throws IOException {
    out.write(ConnectionInput.ascii("HTTP/1.1 100 Continue\r\n\r\n"));
    out.flush();
  }

  /** Whether a next request may follow on this connection. */
  boolean reusable() {
    return finished && keepAlive;
  }

  boolean started() {
    return started;
  }

  void closeAfterwards() {
    keepAlive = false;
  }

  /** Sends a whole answer; a HEAD request gets the headers alone. */
  public void send(int status, Map<String, String> headers, byte[] body) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("content-length", Integer.toString(body.length));
    writeHead(status, all);
    if (!method.equals("HEAD")) {
      out.write(body);
    }
    out.flush();
    finished = true;
  }

  /** Starts an answer of unknown length; {@link #write} and {@link #finish} follow. */
  public void startStream(int status, Map<String, String> headers) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(headers);
    if (chunked) {
      all.put("transfer-encoding", "chunked");
    }
    writeHead(status, all);
  }

  /**
   * Adds bytes to a started stream; they leave at the next {@link #flush} or when the buffer is
   * full.
   */
  public void write(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    if (chunked) {
      out.write(ConnectionInput.ascii(Integer.toHexString(bytes.length) + "\r\n"));
    }
    out.write(bytes);
    if (chunked) {
      out.write('\r');
      out.write('\n');
    }
  }

  /** Sends what was written so far. */
  public void flush() throws IOException {
    out.flush();
  }

  /** Ends a started stream in good order. */
  public void finish() throws IOException {
    if (chunked) {
      out.write(ConnectionInput.ascii("0\r\n\r\n"));
    }
    out.flush();
    finished = true;
  }

  /**
   * Waits without holding a platform thread.
   *
   * @throws ClientGoneException when the client closes the connection, or the server stops,
   *     meanwhile
   */
  public void pause(Duration duration) throws IOException {
    in.pause(duration);
  }

  /**
   * Sends nothing until the client gives up.
   *
   * @throws ClientGoneException always, in the end
   */
  public void awaitClientGone() throws IOException {
    in.awaitEnd();
  }

  /** Breaks the connection off in the middle of the answer. */
  public void abort() throws IOException {
    out.flush();
    keepAlive = false;
    socket.shutdownOutput();
    socket.close();
  }

  private void writeHead(int status, Map<String, String> headers) throws IOException {
    if (started) {
      throw new IllegalStateException("This request was answered already");
    }
    started = true;
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(status).append(' ').append(reason(status)).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("connection: ").append(keepAlive ? "keep-alive" : "close").append("\r\n\r\n");
    out.write(ConnectionInput.ascii(head.toString()));
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 413 -> "Content Too Large";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      default -> "Status";
    };
  }
}
