// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one HTTP/1.1 request within limits. Confined to the connection's thread. */
final class RequestReader {

  private static final int MAX_HEADERS = 200;

  private final ConnectionInput in;
  private final HttpResponder responder;
  private final long maxBodyBytes;

  RequestReader(ConnectionInput in, HttpResponder responder, long maxBodyBytes) {
    this.in = in;
    this.responder = responder;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** The next request, or null when the client has closed the connection between two requests. */
  @Nullable HttpRequest read() throws IOException {
    String line = in.readLine();
    while (line != null && line.isEmpty()) {
      line = in.readLine();
    }
    if (line == null) {
      return null;
    }
    String[] words = line.split(" ", -1);
    if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
      throw new BadRequestException(400, "Not an HTTP/1.1 request line");
    }
    Map<String, String> headers = headers();
    responder.begin(words[0], words[2], headers);
    byte[] body = body(headers);
    return new HttpRequest(words[0], path(words[1]), headers, body);
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int lines = 0; ; lines++) {
      String line = in.readLine();
      if (line == null) {
        throw new BadRequestException(400, "The request ended inside its headers");
      }
      if (line.isEmpty()) {
        return headers;
      }
      int colon = line.indexOf(':');
      if (colon <= 0 || lines >= MAX_HEADERS) {
        throw new BadRequestException(colon <= 0 ? 400 : 431, "Bad or too many headers");
      }
      headers.merge(
          line.substring(0, colon), line.substring(colon + 1).strip(), RequestReader::join);
    }
  }

  private static String join(String first, String second) {
    return first + ", " + second;
  }

  private static String path(String target) {
    String path = target;
    int scheme = path.indexOf("://");
    if (scheme > 0) {
      int slash = path.indexOf('/', scheme + 3);
      path = slash < 0 ? "/" : path.substring(slash);
    }
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    String coding = headers.get("transfer-encoding");
    String length = headers.get("content-length");
    if (coding != null && length != null) {
      throw new BadRequestException(400, "Both a length and a transfer encoding");
    }
    if (coding == null && length == null) {
      return new byte[0];
    }
    if (coding != null && !coding.toLowerCase(Locale.ROOT).equals("chunked")) {
      throw new BadRequestException(501, "Only the chunked transfer encoding is known");
    }
    long declared = length == null ? 0 : parse(length, 10);
    if (declared > maxBodyBytes) {
      throw tooLarge();
    }
    if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
      responder.sendContinue();
    }
    if (coding != null) {
      return chunkedBody();
    }
    byte[] body = new byte[Math.toIntExact(declared)];
    in.readFully(body, 0, body.length);
    return body;
  }

  private byte[] chunkedBody() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String line = requireLine();
      int extension = line.indexOf(';');
      long size = parse((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
      if (size > maxBodyBytes - body.size()) {
        throw tooLarge();
      }
      if (size == 0) {
        while (!requireLine().isEmpty()) {
          // Trailers carry nothing that a model's API knows.
        }
        return body.toByteArray();
      }
      byte[] chunk = new byte[Math.toIntExact(size)];
      in.readFully(chunk, 0, chunk.length);
      body.write(chunk);
      if (!requireLine().isEmpty()) {
        throw new BadRequestException(400, "A chunk is longer than it says");
      }
    }
  }

  private String requireLine() throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new BadRequestException(400, "The request ended inside its body");
    }
    return line;
  }

  private static long parse(String text, int radix) throws BadRequestException {
    try {
      long value = Long.parseLong(text, radix);
      if (value >= 0 && text.charAt(0) != '+') {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new BadRequestException(400, "Not a length: " + e.getMessage());
    }
    throw new BadRequestException(400, "Not a length");
  }

  private BadRequestException tooLarge() {
    return new BadRequestException(413, "The request body exceeds " + maxBodyBytes + " bytes");
  }
}
