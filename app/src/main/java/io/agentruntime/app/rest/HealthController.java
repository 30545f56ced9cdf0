// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import io.agentruntime.app.embedding.Mode;
import io.agentruntime.core.AgentRuntime;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.util.Map;

/** Whether this server takes work. Of an application, its own route says how it is. */
@Controller
@Requires(property = Mode.PROPERTY, value = Mode.SERVER)
final class HealthController {
  private final AgentRuntime runtime;

  HealthController(AgentRuntime runtime) {
    this.runtime = runtime;
  }

  @Get("/health")
  HttpResponse<byte[]> health() {
    return runtime.isStopping()
        ? Replies.unavailable(Map.of("status", "stopping"))
        : Replies.ok(Map.of("status", "ok"));
  }
}
