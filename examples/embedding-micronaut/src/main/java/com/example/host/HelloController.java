package com.example.host;

import io.agentruntime.core.AgentRuntime;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.util.Map;

/** Routes of this application: no key of the runtime's, and its own errors. */
@Controller("/hello")
final class HelloController {
  private final AgentRuntime runtime;

  HelloController(AgentRuntime runtime) {
    this.runtime = runtime;
  }

  @Get
  Map<String, Object> hello() {
    return Map.of("greeting", "hello", "sessions", runtime.sessions().loaded().size());
  }
}
