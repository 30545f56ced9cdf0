// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import io.agentruntime.core.event.EventListener;
import io.agentruntime.core.event.EventLog;
import io.agentruntime.core.profile.StoredProfiles;
import io.agentruntime.core.provider.PluginContext;
import io.agentruntime.core.provider.ProviderDiscovery.Found;
import io.agentruntime.core.provider.ProviderInfo;
import io.agentruntime.core.provider.ProviderKind;
import io.agentruntime.core.provider.ProviderStart;
import io.agentruntime.core.provider.Providers;
import io.agentruntime.core.sandbox.OrphanReaper;
import io.agentruntime.core.sandbox.SandboxSelection;
import io.agentruntime.core.secret.SecretMask;
import io.agentruntime.core.session.LiveSessions;
import io.agentruntime.core.session.SessionDirectory;
import io.agentruntime.core.store.AdapterProfiles;
import io.agentruntime.core.store.SessionStore;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import io.agentruntime.spi.HealthProblem;
import io.agentruntime.spi.Provider;
import io.agentruntime.spi.Secret;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A runtime put together; starts in dependency order, stops in reverse. Thread-safe. */
final class RuntimeAssembly implements AgentRuntime {
  private static final Logger log = LoggerFactory.getLogger(RuntimeAssembly.class);

  private final DataDirectory data;
  private final String process;
  private final Providers providers;
  private final SessionStore store;
  private final EventLog eventLog;
  private final LiveSessions sessions;
  private final SecretMask mask;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  private RuntimeAssembly(RuntimeConfig config, DataDirectory data, Providers providers) {
    InstantSource clock = InstantSource.system();
    this.data = data;
    this.process = data.runtimeId() + "/" + UUID.randomUUID();
    this.providers = providers;
    SandboxSelection selection =
        new SandboxSelection(providers, config.sandbox(), config.allowUnisolated());
    this.store =
        new SessionStore(
            providers.persistence(), config.profiles(), config.dataDirectory().resolve("blobs"));
    this.mask = mask(config, providers);
    this.eventLog = new EventLog(providers.persistence(), clock);
    this.sessions =
        new LiveSessions(
            config,
            providers,
            store,
            eventLog,
            selection,
            clock,
            // The lock on the data directory shows that an earlier owner of this name is dead: its
            // leases need not be waited for.
            data.runtimeId(),
            process);
  }

  static AgentRuntime start(RuntimeConfig config, List<? extends Provider> further)
      throws InterruptedException {
    DataDirectory data = DataDirectory.open(config.dataDirectory());
    Providers providers = null;
    try {
      providers = openProviders(config, data, further);
      requireStoreFor(config.shutdownMode(), providers.persistence());
      if (config.architecture() != null) {
        // Before a client finds out.
        providers.architecture(config.architecture());
      }
      RuntimeAssembly runtime = new RuntimeAssembly(config, data, providers);
      runtime.takeOver();
      return runtime;
    } catch (RuntimeException | InterruptedException e) {
      if (providers != null) {
        providers.close();
      }
      data.close();
      throw e;
    }
  }

  /** Opens the providers that a configuration names and those that are found. */
  static Providers openProviders(
      RuntimeConfig config, DataDirectory data, List<? extends Provider> further)
      throws InterruptedException {
    return new ProviderStart(
            RuntimeAssembly.class.getClassLoader(),
            config.isolatedProviders(),
            further,
            config.persistence(),
            config.providerOpenTimeout())
        .open(found -> context(config, data, found));
  }

  private static void requireStoreFor(ShutdownMode mode, PersistenceAdapter adapter) {
    if (mode == ShutdownMode.DETACH
        && !adapter
            .capabilities()
            .containsAll(Set.of(PersistenceCapability.EVENTS, PersistenceCapability.DURABLE))) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "shutdown mode 'detach' needs a store from which turns can be taken up again;"
              + " persistence '"
              + adapter.id()
              + "' keeps no durable event log");
    }
  }

  @Override
  public SessionDirectory sessions() {
    return sessions;
  }

  @Override
  public List<ProviderInfo> providers() {
    return providers.infos();
  }

  @Override
  public List<List<HealthProblem>> providerHealth(Duration patience) throws InterruptedException {
    return providers.health(patience);
  }

  @Override
  public List<ProfileSummary> profiles() throws InterruptedException {
    return store.profiles();
  }

  @Override
  public Optional<AgentProfile> profile(String profileId) throws InterruptedException {
    return store.profile(profileId);
  }

  @Override
  public StoredProfiles storedProfiles() {
    return new AdapterProfiles(store.adapter());
  }

  @Override
  public AutoCloseable listen(EventListener listener) {
    return eventLog.listen(listener);
  }

  @Override
  public String redact(String text) {
    return mask.mask(text);
  }

  @Override
  public boolean isStopping() {
    return stopping.get();
  }

  @Override
  public void drain() {
    if (stopping.compareAndSet(false, true)) {
      log.info("stopping: new work is refused");
      sessions.drain();
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    drain();
    List<Runnable> inOrder =
        List.of(sessions::close, eventLog::close, providers::close, data::close);
    RuntimeException first = null;
    for (Runnable step : inOrder) {
      try {
        step.run();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
    log.info("stopped");
  }

  /**
   * What earlier processes on this data directory left is taken over by its sessions or ended. Only
   * this process uses the directory: whatever it did not make itself was left.
   */
  private void takeOver() {
    for (SandboxProvider provider : providers.sandboxes()) {
      Thread.ofVirtual().name("reaper-" + provider.id()).start(() -> takeOver(provider));
    }
    Thread.ofVirtual().name("go-on").start(this::goOn);
  }

  /** A message that waits has no sandbox by which its session could be found. */
  private void goOn() {
    try {
      sessions.goOn();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.warn("going on with unfinished sessions failed", e);
    }
  }

  private void takeOver(SandboxProvider provider) {
    try {
      OrphanReaper.Claimed own = OrphanReaper.madeBy(process);
      int ended =
          OrphanReaper.reap(provider, listing -> own.test(listing) || sessions.takesOver(listing));
      if (ended > 0) {
        log.info("ended {} orphaned sandboxes of '{}'", ended, provider.id());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.warn("looking for orphans of '{}' failed", provider.id(), e);
    }
  }

  private static SecretMask mask(RuntimeConfig config, Providers providers) {
    List<String> values = new ArrayList<>();
    providers
        .architectures()
        .forEach(
            architecture ->
                architecture
                    .credentials()
                    .secret()
                    .forEach(
                        name ->
                            config
                                .secrets()
                                .secret(name)
                                .map(Secret::reveal)
                                .ifPresent(values::add)));
    return SecretMask.of(values);
  }

  private static PluginContext context(
      RuntimeConfig config, DataDirectory data, Found<? extends Provider> found) {
    ProviderKind kind = found.kind();
    String prefix = kind.key() + "." + found.id() + ".";
    Map<String, String> settings = new HashMap<>();
    config
        .settings()
        .forEach(
            (key, value) -> {
              if (key.startsWith(prefix)) {
                settings.put(key.substring(prefix.length()), value);
              }
            });
    Path folder = config.dataDirectory().resolve(kind.key()).resolve(found.id());
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, "the folder " + folder + " cannot be made", e);
    }
    return new PluginContext(
        data.runtimeId(), folder, InstantSource.system(), settings, config.secrets());
  }
}
