// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import io.agentruntime.scriptedmodel.http.HttpHandler;
import io.agentruntime.scriptedmodel.http.HttpRequest;
import io.agentruntime.scriptedmodel.http.HttpResponder;
import io.agentruntime.scriptedmodel.wire.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Leads requests to their wire format: base path, key check, and a polite answer on the root. */
final class ModelHandler implements HttpHandler {

  private static final byte[] GREETING =
      "{\"name\":\"scripted-model\",\"status\":\"ok\"}".getBytes(StandardCharsets.UTF_8);

  private final String basePath;
  private final Optional<String> apiKey;
  private final List<WireFormat> wireFormats;

  ModelHandler(String basePath, Optional<String> apiKey, List<WireFormat> wireFormats) {
    this.basePath = basePath;
    this.apiKey = apiKey;
    this.wireFormats = List.copyOf(wireFormats);
  }

  @Override
  public void handle(HttpRequest request, HttpResponder responder) throws IOException {
    Optional<String> path = pathInBase(request.path());
    if (path.isEmpty()) {
      refuse(404, "Not found", responder);
      return;
    }
    if (path.get().isEmpty() || path.get().equals("/")) {
      responder.send(200, Map.of("content-type", "application/json"), GREETING);
      return;
    }
    for (WireFormat wireFormat : wireFormats) {
      if (wireFormat.serves(request, path.get())) {
        if (allowed(wireFormat.apiKey(request))) {
          wireFormat.handle(request, path.get(), responder);
        } else {
          wireFormat.fail(401, "invalid x-api-key", responder);
        }
        return;
      }
    }
    refuse(404, "Not found", responder);
  }

  @Override
  public void refuse(int status, String message, HttpResponder responder) throws IOException {
    wireFormats.getFirst().fail(status, message, responder);
  }

  private Optional<String> pathInBase(String path) {
    byte[] expected = bytes(basePath);
    byte[] actual = bytes(path.substring(0, Math.min(path.length(), basePath.length())));
    if (!MessageDigest.isEqual(expected, actual)) {
      return Optional.empty();
    }
    String rest = path.substring(basePath.length());
    return rest.isEmpty() || rest.startsWith("/") ? Optional.of(rest) : Optional.empty();
  }

  private boolean allowed(Optional<String> sent) {
    return apiKey.isEmpty()
        || (sent.isPresent() && MessageDigest.isEqual(bytes(apiKey.get()), bytes(sent.get())));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
