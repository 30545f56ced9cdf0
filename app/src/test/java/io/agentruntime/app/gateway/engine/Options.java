// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.agentruntime.app.gateway.GatewayServer;
import io.micronaut.context.ApplicationContext;
import java.util.Map;

/** Options as configuration makes them. */
final class Options {
  private Options() {}

  static GatewayOptions with(Map<String, Object> settings) {
    try (ApplicationContext context = GatewayServer.transports(settings).start()) {
      return context.getBean(GatewayOptions.class);
    }
  }
}
