// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.core.workspace.WorkspaceLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a runtime can be told. Build it with {@link #builder(Path)}.
 *
 * @param dataDirectory a folder that this runtime alone uses; created when missing
 * @param architecture id or synonym of the architecture of sessions and profiles that name none,
 *     null when one must be named
 * @param sandbox the default sandbox provider's id, {@code auto} to take an isolating one that
 *     answers, or null when there is only one
 * @param persistence the persistence adapter's id, null when there is only one
 * @param allowUnisolated whether {@code auto} may fall back to a provider without isolation
 * @param isolatedProviders folders of provider jars that get class loaders of their own
 * @param providerOpenTimeout how long opening the providers may take
 * @param settings provider settings, keys {@code <kind>.<id>.<key>}
 * @param secrets where secrets come from
 * @param profiles profiles beside those of the store
 * @param idleTimeout how long a session without work keeps its sandbox and its place in memory
 * @param syncInterval how often transcript and workspace are stored during a turn
 * @param healthInterval how often a sandbox is asked whether it is alive
 * @param turnTimeout how long a turn may take
 * @param interruptGrace how long an agent may take to stop before it is signalled
 * @param prepareTimeout how long creating and setting up a sandbox may take
 * @param storeTimeout how long a caller waits for the store
 * @param lease how long a session stays this server's when it does not renew that
 * @param shutdownTimeout how long {@code close} may take in all
 * @param shutdownMode what {@code close} does with sandboxes and running turns
 * @param retention for how long sessions without activity are kept; zero: for ever
 * @param compactLogs whether deltas of completed blocks are dropped when a session leaves memory
 * @param maxQueuedMessages how many messages may wait per session
 * @param workspace what of a workspace is kept
 */
public record RuntimeConfig(
    Path dataDirectory,
    @Nullable String architecture,
    @Nullable String sandbox,
    @Nullable String persistence,
    boolean allowUnisolated,
    List<Path> isolatedProviders,
    Duration providerOpenTimeout,
    Map<String, String> settings,
    SecretSource secrets,
    ProfileSource profiles,
    Duration idleTimeout,
    Duration syncInterval,
    Duration healthInterval,
    Duration turnTimeout,
    Duration interruptGrace,
    Duration prepareTimeout,
    Duration storeTimeout,
    Duration lease,
    Duration shutdownTimeout,
    ShutdownMode shutdownMode,
    Duration retention,
    boolean compactLogs,
    int maxQueuedMessages,
    WorkspaceLimits workspace) {
  /** Copies the collections. */
  public RuntimeConfig {
    isolatedProviders = List.copyOf(isolatedProviders);
    settings = Map.copyOf(settings);
  }

  /** Starts a configuration with every default. */
  public static Builder builder(Path dataDirectory) {
    return new Builder(dataDirectory);
  }

  @Override
  public String toString() {
    return "RuntimeConfig[" + dataDirectory + "]";
  }

  /** Collects a configuration. One thread at a time. */
  public static final class Builder {
    private final Path dataDirectory;
    private @Nullable String architecture;
    private @Nullable String sandbox;
    private @Nullable String persistence;
    private boolean allowUnisolated;
    private List<Path> isolatedProviders = List.of();
    private Duration providerOpenTimeout = Duration.ofSeconds(30);
    private Map<String, String> settings = Map.of();
    private SecretSource secrets = SecretSource.environment();
    private ProfileSource profiles = ProfileSource.none();
    private Duration idleTimeout = Duration.ofMinutes(15);
    private Duration syncInterval = Duration.ofSeconds(30);
    private Duration healthInterval = Duration.ofSeconds(30);
    private Duration turnTimeout = Duration.ofHours(2);
    private Duration interruptGrace = Duration.ofSeconds(5);
    private Duration prepareTimeout = Duration.ofMinutes(10);
    private Duration storeTimeout = Duration.ofSeconds(30);
    private Duration lease = Duration.ofSeconds(30);
    private Duration shutdownTimeout = Duration.ofSeconds(30);
    private ShutdownMode shutdownMode = ShutdownMode.END;
    private Duration retention = Duration.ZERO;
    private boolean compactLogs = true;
    private int maxQueuedMessages = 100;
    private WorkspaceLimits workspace = WorkspaceLimits.DEFAULT;

    private Builder(Path dataDirectory) {
      this.dataDirectory = dataDirectory;
    }

    /** The architecture of sessions and profiles that name none; default: one must be named. */
    public Builder architecture(@Nullable String name) {
      architecture = name;
      return this;
    }

    /** The default sandbox provider's id or {@code auto}. */
    public Builder sandbox(@Nullable String id) {
      sandbox = id;
      return this;
    }

    /** The persistence adapter's id. */
    public Builder persistence(@Nullable String id) {
      persistence = id;
      return this;
    }

    /** Whether {@code auto} may fall back to a provider without isolation; default false. */
    public Builder allowUnisolated(boolean allow) {
      allowUnisolated = allow;
      return this;
    }

    /**
     * Folders of jars whose classes see the JDK, {@code runtime-api} and each other, nothing else
     * of the class path; default: none.
     */
    public Builder isolatedProviders(List<Path> folders) {
      isolatedProviders = folders;
      return this;
    }

    /** How long opening the providers, all at once, may take; default 30 seconds. */
    public Builder providerOpenTimeout(Duration value) {
      providerOpenTimeout = value;
      return this;
    }

    /**
     * Provider settings, keys {@code <kind>.<id>.<key>}, for instance {@code sandbox.docker.image}.
     */
    public Builder settings(Map<String, String> values) {
      settings = values;
      return this;
    }

    /** Where secrets come from; default: the process's environment. */
    public Builder secrets(SecretSource source) {
      secrets = source;
      return this;
    }

    /** Profiles beside those of the store. */
    public Builder profiles(ProfileSource source) {
      profiles = source;
      return this;
    }

    /** Default 15 minutes. */
    public Builder idleTimeout(Duration value) {
      idleTimeout = value;
      return this;
    }

    /** Default 30 seconds. */
    public Builder syncInterval(Duration value) {
      syncInterval = value;
      return this;
    }

    /** Default 30 seconds. */
    public Builder healthInterval(Duration value) {
      healthInterval = value;
      return this;
    }

    /** Default 2 hours. */
    public Builder turnTimeout(Duration value) {
      turnTimeout = value;
      return this;
    }

    /** Default 5 seconds. */
    public Builder interruptGrace(Duration value) {
      interruptGrace = value;
      return this;
    }

    /** Default 10 minutes. */
    public Builder prepareTimeout(Duration value) {
      prepareTimeout = value;
      return this;
    }

    /** Default 30 seconds. */
    public Builder storeTimeout(Duration value) {
      storeTimeout = value;
      return this;
    }

    /**
     * How long a session stays this server's when it does not renew that, which it does three times
     * in this time; default 30 s.
     */
    public Builder lease(Duration value) {
      lease = value;
      return this;
    }

    /** Default 30 seconds. */
    public Builder shutdownTimeout(Duration value) {
      shutdownTimeout = value;
      return this;
    }

    /** Default {@link ShutdownMode#END}. */
    public Builder shutdownMode(ShutdownMode mode) {
      shutdownMode = mode;
      return this;
    }

    /** Default zero: sessions are kept for ever. */
    public Builder retention(Duration value) {
      retention = value;
      return this;
    }

    /** Default true. */
    public Builder compactLogs(boolean value) {
      compactLogs = value;
      return this;
    }

    /** Default 100. */
    public Builder maxQueuedMessages(int value) {
      maxQueuedMessages = value;
      return this;
    }

    /** What of a workspace is kept. */
    public Builder workspace(WorkspaceLimits limits) {
      workspace = limits;
      return this;
    }

    /** The configuration. */
    public RuntimeConfig build() {
      return new RuntimeConfig(
          dataDirectory,
          architecture,
          sandbox,
          persistence,
          allowUnisolated,
          isolatedProviders,
          providerOpenTimeout,
          settings,
          secrets,
          profiles,
          idleTimeout,
          syncInterval,
          healthInterval,
          turnTimeout,
          interruptGrace,
          prepareTimeout,
          storeTimeout,
          lease,
          shutdownTimeout,
          shutdownMode,
          retention,
          compactLogs,
          maxQueuedMessages,
          workspace);
    }
  }
}
