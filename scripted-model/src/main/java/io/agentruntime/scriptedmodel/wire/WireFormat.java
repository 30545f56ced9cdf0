// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.wire;

import io.agentruntime.scriptedmodel.http.HttpRequest;
import io.agentruntime.scriptedmodel.http.HttpResponder;
import java.io.IOException;
import java.util.Optional;

/** One vendor's API. Implementations are thread-safe. */
public interface WireFormat {

  /** Whether a request whose path, without the base path, is {@code path} belongs to this API. */
  boolean serves(HttpRequest request, String path);

  /** The API key that a request carries, wherever this vendor's clients put it. */
  Optional<String> apiKey(HttpRequest request);

  /** Answers a request whose path, without the base path, is {@code path}. */
  void handle(HttpRequest request, String path, HttpResponder responder) throws IOException;

  /** Answers with a failure in this vendor's form. */
  void fail(int status, String message, HttpResponder responder) throws IOException;
}
