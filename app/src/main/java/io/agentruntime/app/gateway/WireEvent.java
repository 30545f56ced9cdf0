// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import java.util.Map;

/**
 * An event as a client of one dialect gets it.
 *
 * @param name the Socket.IO event's name
 * @param payload its one argument
 */
record WireEvent(String name, Map<String, Object> payload) {}
