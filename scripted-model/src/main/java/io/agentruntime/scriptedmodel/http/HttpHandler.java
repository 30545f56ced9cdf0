// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.http;

import java.io.IOException;

/** Answers requests; called by one virtual thread per connection, by many at once. */
public interface HttpHandler {

  /**
   * Answers one request through the responder; blocking is fine.
   *
   * @throws ClientGoneException when the client left; the connection is closed without a word
   */
  void handle(HttpRequest request, HttpResponder responder) throws IOException;

  /**
   * Answers what could not be read as a request (malformed, or larger than allowed); the connection
   * ends afterwards.
   */
  void refuse(int status, String message, HttpResponder responder) throws IOException;
}
