// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import io.agentruntime.core.event.EventListener;
import io.agentruntime.core.profile.StoredProfiles;
import io.agentruntime.core.provider.ProviderInfo;
import io.agentruntime.core.session.SessionDirectory;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import io.agentruntime.spi.HealthProblem;
import io.agentruntime.spi.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The entry point of the library: finds the providers on the class path, runs sessions, and stops
 * everything in order.
 *
 * <p>Thread-safe. {@code close()} refuses new work, lets running turns end within the configured
 * deadline or interrupts them, syncs all sessions in parallel, ends the sandboxes and closes the
 * providers; it is idempotent.
 */
public interface AgentRuntime extends AutoCloseable {
  /**
   * Starts a runtime.
   *
   * @throws AgentRuntimeException {@code CONFIGURATION}, naming jar and key, when providers are
   *     missing, ambiguous, duplicate or fail to open
   */
  static AgentRuntime start(RuntimeConfig config) throws InterruptedException {
    return start(config, List.of());
  }

  /**
   * Starts a runtime with further providers beside those that are found on the class path.
   *
   * @param providers not opened; this runtime opens and closes them
   * @throws AgentRuntimeException as {@link #start(RuntimeConfig)}
   */
  static AgentRuntime start(RuntimeConfig config, List<? extends Provider> providers)
      throws InterruptedException {
    return RuntimeAssembly.start(config, providers);
  }

  /** All sessions. */
  SessionDirectory sessions();

  /** Every provider that was found. */
  List<ProviderInfo> providers();

  /**
   * What keeps providers from working at this moment.
   *
   * @param patience how long to wait for them; all are asked at once
   * @return the problems of each, in the order of {@link #providers()}
   */
  List<List<HealthProblem>> providerHealth(Duration patience) throws InterruptedException;

  /** All agent profiles, those of the store first. */
  List<ProfileSummary> profiles() throws InterruptedException;

  /** An agent profile. */
  Optional<AgentProfile> profile(String profileId) throws InterruptedException;

  /** Those of them that lie in the store. */
  StoredProfiles storedProfiles();

  /**
   * Lets a listener see every committed event from now on.
   *
   * @return ends the calls
   */
  AutoCloseable listen(EventListener listener);

  /** Replaces every secret value known to this runtime by asterisks of the same length. */
  String redact(String text);

  /** Whether new work is refused because the runtime is stopping. */
  boolean isStopping();

  /** Refuses new work from now on; the first part of {@link #close()}. */
  void drain();

  @Override
  void close();
}
