package io.agentruntime.app.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.provider.ProviderInfo;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /**
   * A provider.
   *
   * @param jar its jar's name; a folder is the server's own business
   * @param problem why it cannot be used, null when it can
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ProviderReply(
      String kind,
      String id,
      String version,
      @Nullable String jar,
      List<String> capabilities,
      boolean active,
      @Nullable String problem) {
    static ProviderReply of(ProviderInfo info) {
      return new ProviderReply(
          info.kind().key(),
          info.id(),
          info.version(),
          info.location().endsWith(".jar") ? info.location() : null,
          info.capabilities(),
          info.active(),
          info.problem());
    }
  }
}
