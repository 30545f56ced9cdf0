// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 request and its answer on a connection of its own.
 *
 * @param status the status code
 * @param headers by name, in any case
 * @param body the answer's body; closing it closes the connection
 */
record HttpExchange(int status, Map<String, List<String>> headers, InputStream body) {
  private static final int MAX_HEADERS = 200;

  /**
   * Sends a request and reads the answer up to its body.
   *
   * @param method for instance {@code GET}
   * @param path with its query
   * @param headers further headers, without those that frame the body
   * @param body null for none; its length is announced when it is an array, else it is chunked
   */
  static HttpExchange send(
      EngineConnection connection,
      String method,
      String path,
      Map<String, String> headers,
      @Nullable RequestBody body)
      throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: docker\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body != null) {
      head.append(body.framing()).append("\r\n");
    }
    connection.write(head.append("\r\n").toString());
    if (body != null) {
      body.writeTo(connection.output());
    }
    return receive(connection, method);
  }

  /** The one value of a header, if there is one. */
  @Nullable String header(String name) {
    List<String> values = headers.get(name);
    return values == null ? null : values.getFirst();
  }

  private static HttpExchange receive(EngineConnection connection, String method)
      throws IOException {
    String statusLine = connection.readLine();
    String[] words = statusLine.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[0-9]{3}")) {
      throw new IOException("not a Docker engine: it answered '" + shorten(statusLine) + "'");
    }
    int status = Integer.parseInt(words[1]);
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    int count = 0;
    for (String line = connection.readLine(); !line.isEmpty(); line = connection.readLine()) {
      if (++count > MAX_HEADERS) {
        throw new IOException("the engine sent over " + MAX_HEADERS + " headers");
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers
            .computeIfAbsent(line.substring(0, colon).strip(), _ -> new ArrayList<>())
            .add(line.substring(colon + 1).strip());
      }
    }
    HttpExchange exchange = new HttpExchange(status, headers, connection.input());
    return new HttpExchange(status, headers, exchange.framed(connection, method));
  }

  private InputStream framed(EngineConnection connection, String method) throws IOException {
    String encoding = header("Transfer-Encoding");
    String length = header("Content-Length");
    if (status == 101) {
      return body;
    }
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return new LengthBody(body, 0);
    }
    if (encoding != null && encoding.equalsIgnoreCase("chunked")) {
      return new ChunkedBody(connection);
    }
    if (length != null) {
      try {
        return new LengthBody(body, Long.parseLong(length));
      } catch (NumberFormatException e) {
        throw new IOException("the engine sent Content-Length '" + shorten(length) + "'", e);
      }
    }
    return body;
  }

  private static String shorten(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }
}
