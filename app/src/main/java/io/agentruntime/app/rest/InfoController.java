// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.provider.ProviderInfo;
import io.agentruntime.spi.HealthProblem;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this server has. */
@Controller
final class InfoController {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final AgentRuntime runtime;

  InfoController(AgentRuntime runtime) {
    this.runtime = runtime;
  }

  @Get(uris = {"/providers", "/api/providers"})
  HttpResponse<byte[]> providers() throws InterruptedException {
    List<ProviderInfo> infos = runtime.providers();
    List<List<HealthProblem>> health = runtime.providerHealth(PATIENCE);
    List<ProviderReply> providers = new ArrayList<>();
    for (int i = 0; i < infos.size(); i++) {
      providers.add(ProviderReply.of(infos.get(i), health.get(i)));
    }
    return Replies.ok(Map.of("providers", providers));
  }

  /**
   * A provider.
   *
   * @param jar its jar's name; a folder is the server's own business
   * @param health {@code ok}; {@code failing} when it does not work at this moment; {@code unused}
   *     when this server does not use it; {@code broken} when it cannot be used
   * @param problem why it is not ok, null when it is
   * @param remedy what an operator can do, if that is known
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ProviderReply(
      String kind,
      String id,
      String version,
      @Nullable String jar,
      List<String> capabilities,
      boolean active,
      String health,
      @Nullable String problem,
      @Nullable String remedy) {
    static ProviderReply of(ProviderInfo info, List<HealthProblem> problems) {
      HealthProblem worst = problems.isEmpty() ? null : problems.getFirst();
      String health =
          info.problem() != null
              ? "broken"
              : !info.active() ? "unused" : worst == null ? "ok" : "failing";
      return new ProviderReply(
          info.kind().key(),
          info.id(),
          info.version(),
          info.location().endsWith(".jar") ? info.location() : null,
          info.capabilities(),
          info.active(),
          health,
          worst == null ? info.problem() : worst.problem(),
          worst == null ? null : worst.remedy());
    }
  }
}
