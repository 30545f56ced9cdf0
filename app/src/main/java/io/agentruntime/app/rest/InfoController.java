package io.agentruntime.app.rest;

import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.provider.ProviderInfo;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.util.List;
import java.util.Map;

/** What this server is and has. */
@Controller
final class InfoController {
  private final AgentRuntime runtime;

  InfoController(AgentRuntime runtime) {
    this.runtime = runtime;
  }

  @Get("/health")
  HttpResponse<byte[]> health() {
    return runtime.isStopping()
        ? Replies.unavailable(Map.of("status", "stopping"))
        : Replies.ok(Map.of("status", "ok"));
  }

  @Get(uris = {"/providers", "/api/providers"})
  HttpResponse<byte[]> providers() {
    List<ProviderReply> providers = runtime.providers().stream().map(ProviderReply::of).toList();
    return Replies.ok(Map.of("providers", providers));
  }

  /** A provider; where its jar lies is for the server's own log. */
  record ProviderReply(
      String kind, String id, String version, List<String> capabilities, boolean active) {
    static ProviderReply of(ProviderInfo info) {
      return new ProviderReply(
          info.kind().key(), info.id(), info.version(), info.capabilities(), info.active());
    }
  }
}
