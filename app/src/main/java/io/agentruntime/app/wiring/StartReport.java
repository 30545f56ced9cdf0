// SPDX-License-Identifier: MIT

package io.agentruntime.app.wiring;

import io.agentruntime.app.config.ServerConfig;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.provider.ProviderInfo;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.HealthProblem;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log where things are, and then, without keeping anybody waiting, what the providers
 * lack; which these are, the runtime has said. Ends with {@code close}, which may be called by any
 * thread and any number of times.
 */
final class StartReport implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Thread health;

  private StartReport(Thread health) {
    this.health = health;
  }

  static StartReport of(
      ServerConfig config, URI address, AgentRuntime runtime, boolean scriptedModel) {
    List<ProviderInfo> providers = runtime.providers();
    LOG.info("Data: {}", config.dataDirectory());
    LOG.info("Profiles: {}", config.profilesDirectory());
    if (scriptedModel) {
      LOG.info("Model: scripted, in this process; agents need no key and cost nothing");
    }
    LOG.info("Listening on {}", address);
    return new StartReport(
        Thread.ofVirtual().name("provider-health").start(() -> sayHealth(runtime, providers)));
  }

  private static void sayHealth(AgentRuntime runtime, List<ProviderInfo> providers) {
    try {
      List<List<HealthProblem>> health = runtime.providerHealth(PATIENCE);
      for (int i = 0; i < providers.size(); i++) {
        ProviderInfo provider = providers.get(i);
        for (HealthProblem problem : health.get(i)) {
          LOG.info(
              "{} provider {} is not ready: {}; {}",
              provider.kind().key(),
              provider.id(),
              problem.problem(),
              problem.remedy());
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("the providers were not asked how they are: the server stops");
    } catch (AgentRuntimeException e) {
      LOG.info("the providers could not be asked how they are: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    health.interrupt();
  }
}
