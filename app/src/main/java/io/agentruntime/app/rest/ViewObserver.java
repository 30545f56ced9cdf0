// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import io.agentruntime.model.session.SessionId;
import io.micronaut.http.HttpRequest;

/**
 * Is told which state of a session a client was shown. Socket clients that load a session and then
 * follow it do not say what they loaded; who knows can give them what came in between.
 */
public interface ViewObserver {
  /**
   * A client was shown a session up to an event.
   *
   * @param request who asked
   * @param session which session
   * @param seq the last event contained
   */
  void viewed(HttpRequest<?> request, SessionId session, long seq);
}
