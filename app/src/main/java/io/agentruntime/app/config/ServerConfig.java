// SPDX-License-Identifier: MIT

package io.agentruntime.app.config;

import io.agentruntime.app.gateway.Dialect;
import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.ShutdownMode;
import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.core.workspace.WorkspaceLimits;
import io.agentruntime.spi.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Everything that the server can be told, checked. Immutable.
 *
 * @param listen where it listens
 * @param dataDirectory the folder of its own files
 * @param profilesDirectory the folder of agent profiles
 * @param apiKey where the API key comes from
 * @param logging what is logged and how
 * @param scriptedModel whether agents talk to a scripted model in this process
 * @param limits what a client may ask for
 * @param corsOrigins origins of browser clients, {@code *} for all
 * @param sockets what holds for sockets
 * @param sessions what the runtime itself is told
 */
public record ServerConfig(
    Listen listen,
    Path dataDirectory,
    Path profilesDirectory,
    ApiKeySource apiKey,
    Logging logging,
    boolean scriptedModel,
    Limits limits,
    List<String> corsOrigins,
    Sockets sockets,
    Sessions sessions) {

  /**
   * Where the server listens.
   *
   * @param host address
   * @param port port, 0 for any free one
   * @param websocketPort a further port for sockets, if any
   */
  public record Listen(String host, int port, OptionalInt websocketPort) {}

  /**
   * Where the API key comes from.
   *
   * @param value the key itself, if it was given
   * @param file else its file, made when missing
   */
  public record ApiKeySource(Optional<Secret> value, Path file) {}

  /**
   * What is logged and how.
   *
   * @param level debug, info, warn or error
   * @param json one JSON object per line instead of plain text
   */
  public record Logging(String level, boolean json) {}

  /**
   * What a client may ask for.
   *
   * @param maxBodyBytes largest request body
   * @param maxInlineFileBytes text of one file that a reply or event holds
   * @param maxInlineTotalBytes text of all files that one reply holds
   * @param requestsPerSecond of one client, 0 for any number
   * @param requestBurst at once
   * @param failedAuthPerMinute wrong keys of one address
   */
  public record Limits(
      int maxBodyBytes,
      int maxInlineFileBytes,
      int maxInlineTotalBytes,
      int requestsPerSecond,
      int requestBurst,
      int failedAuthPerMinute) {}

  /**
   * What holds for sockets.
   *
   * @param dialect what a socket speaks that does not say
   * @param recovery how long a lost socket may come back and go on
   * @param transport settings of the transport, see {@code GatewayOptions}
   */
  public record Sockets(Dialect dialect, Duration recovery, Map<String, String> transport) {
    /** Copies the settings. */
    public Sockets {
      transport = Map.copyOf(transport);
    }
  }

  /**
   * What the runtime itself is told.
   *
   * @param architecture of sessions and profiles that name none, if it was given
   * @param sandbox sandbox provider's id or {@code auto}
   * @param isolatedProviders folders of providers with class loaders of their own
   * @param persistence persistence adapter's id, if it was named
   * @param providerSettings keys {@code <kind>.<id>.<key>}
   * @param timing intervals and deadlines
   * @param shutdownMode what stopping leaves
   * @param retention for how long sessions without activity are kept; zero: for ever
   * @param compactLogs whether deltas of complete blocks are dropped in the end
   * @param maxQueuedMessages messages that may wait in a session
   * @param workspace what of a workspace is kept
   */
  public record Sessions(
      Optional<String> architecture,
      String sandbox,
      List<Path> isolatedProviders,
      Optional<String> persistence,
      Map<String, String> providerSettings,
      Timing timing,
      ShutdownMode shutdownMode,
      Duration retention,
      boolean compactLogs,
      int maxQueuedMessages,
      WorkspaceLimits workspace) {
    /** Copies the collections. */
    public Sessions {
      isolatedProviders = List.copyOf(isolatedProviders);
      providerSettings = Map.copyOf(providerSettings);
    }

    /** A provider's setting, if it was given. */
    public Optional<String> setting(String key) {
      return Optional.ofNullable(providerSettings.get(key));
    }

    @Override
    public String toString() {
      return "Sessions[sandbox=" + sandbox + "]";
    }
  }

  /**
   * Intervals and deadlines of the runtime, see {@link RuntimeConfig}.
   *
   * @param idleTimeout until an idle session is unloaded
   * @param syncInterval between two syncs of a running turn
   * @param healthInterval between two questions to a sandbox
   * @param turnTimeout for a turn
   * @param interruptGrace for an agent to stop
   * @param prepareTimeout for setting up a sandbox
   * @param storeTimeout for the store
   * @param providerOpenTimeout for opening all providers
   * @param lease until a session may be taken over
   * @param shutdownTimeout for stopping
   */
  public record Timing(
      Duration idleTimeout,
      Duration syncInterval,
      Duration healthInterval,
      Duration turnTimeout,
      Duration interruptGrace,
      Duration prepareTimeout,
      Duration storeTimeout,
      Duration providerOpenTimeout,
      Duration lease,
      Duration shutdownTimeout) {}

  /** Copies the list. */
  public ServerConfig {
    corsOrigins = List.copyOf(corsOrigins);
  }

  /** The runtime's configuration, with these secrets and profiles. */
  public RuntimeConfig runtime(SecretSource secrets, ProfileSource profiles) {
    Timing timing = sessions.timing();
    return RuntimeConfig.builder(dataDirectory)
        .architecture(sessions.architecture().orElse(null))
        .sandbox(sessions.sandbox())
        .persistence(sessions.persistence().orElse(null))
        .isolatedProviders(sessions.isolatedProviders())
        .providerOpenTimeout(timing.providerOpenTimeout())
        .settings(sessions.providerSettings())
        .secrets(secrets)
        .profiles(profiles)
        .idleTimeout(timing.idleTimeout())
        .syncInterval(timing.syncInterval())
        .healthInterval(timing.healthInterval())
        .turnTimeout(timing.turnTimeout())
        .interruptGrace(timing.interruptGrace())
        .prepareTimeout(timing.prepareTimeout())
        .storeTimeout(timing.storeTimeout())
        .lease(timing.lease())
        .shutdownTimeout(timing.shutdownTimeout())
        .shutdownMode(sessions.shutdownMode())
        .retention(sessions.retention())
        .compactLogs(sessions.compactLogs())
        .maxQueuedMessages(sessions.maxQueuedMessages())
        .workspace(sessions.workspace())
        .build();
  }

  static ServerConfig of(Settings settings, Path home, List<Path> isolatedProviders) {
    Path data = settings.path(Setting.DATA_DIR).orElse(home.resolve("data"));
    return new ServerConfig(
        listen(settings),
        data,
        settings.path(Setting.PROFILES_DIR).orElse(data.resolve("profiles")),
        new ApiKeySource(
            settings.text(Setting.API_KEY).map(Secret::of),
            settings.path(Setting.API_KEY_FILE).orElse(data.resolve("api-key"))),
        new Logging(
            settings.oneOf(Setting.LOG_LEVEL, "debug", "info", "warn", "error"),
            settings.oneOf(Setting.LOG_FORMAT, "plain", "json").equals("json")),
        settings.text(Setting.MODEL).isPresent()
            && settings.oneOf(Setting.MODEL, "scripted").equals("scripted"),
        limits(settings),
        settings.list(Setting.CORS_ORIGINS),
        new Sockets(
            settings.oneOf(Setting.GATEWAY_DIALECT, "flat", "unified").equals("flat")
                ? Dialect.FLAT
                : Dialect.UNIFIED,
            settings.millis(Setting.GATEWAY_RECOVERY_MS),
            settings.ofGateway()),
        sessions(settings, isolatedProviders));
  }

  private static Listen listen(Settings settings) {
    return new Listen(
        settings.required(Setting.HOST),
        settings.small(Setting.PORT, 0, 65_535),
        settings.text(Setting.WEBSOCKET_PORT).isEmpty()
            ? OptionalInt.empty()
            : OptionalInt.of(settings.small(Setting.WEBSOCKET_PORT, 0, 65_535)));
  }

  private static Limits limits(Settings settings) {
    return new Limits(
        settings.small(Setting.MAX_BODY_BYTES, 1024, Integer.MAX_VALUE),
        settings.small(Setting.MAX_INLINE_FILE_BYTES, 0, Integer.MAX_VALUE),
        settings.small(Setting.MAX_INLINE_TOTAL_BYTES, 0, Integer.MAX_VALUE),
        settings.small(Setting.RATE_LIMIT_PER_SECOND, 0, 1_000_000),
        settings.small(Setting.RATE_LIMIT_BURST, 1, 1_000_000),
        settings.small(Setting.RATE_LIMIT_FAILED_AUTH_PER_MINUTE, 1, 1_000_000));
  }

  private static Sessions sessions(Settings settings, List<Path> isolatedProviders) {
    return new Sessions(
        settings.text(Setting.ARCHITECTURE),
        settings.required(Setting.SANDBOX),
        isolatedProviders,
        settings.text(Setting.PERSISTENCE),
        settings.ofProviders(),
        new Timing(
            settings.millis(Setting.IDLE_TIMEOUT_MS),
            settings.millis(Setting.SYNC_INTERVAL_MS),
            settings.millis(Setting.HEALTH_INTERVAL_MS),
            settings.millis(Setting.TURN_TIMEOUT_MS),
            settings.millis(Setting.INTERRUPT_GRACE_MS),
            settings.millis(Setting.PREPARE_TIMEOUT_MS),
            settings.millis(Setting.STORE_TIMEOUT_MS),
            settings.millis(Setting.PROVIDER_OPEN_TIMEOUT_MS),
            settings.millis(Setting.LEASE_MS),
            settings.millis(Setting.SHUTDOWN_TIMEOUT_MS)),
        settings.oneOf(Setting.SHUTDOWN_MODE, "end", "detach").equals("end")
            ? ShutdownMode.END
            : ShutdownMode.DETACH,
        Duration.ofDays(settings.small(Setting.RETENTION_DAYS, 0, 36_500)),
        settings.oneOf(Setting.COMPACT_LOGS, "true", "false").equals("true"),
        settings.small(Setting.MAX_QUEUED_MESSAGES, 1, 100_000),
        new WorkspaceLimits(
            Set.copyOf(settings.list(Setting.WORKSPACE_IGNORED_NAMES)),
            settings.small(Setting.WORKSPACE_MAX_FILES, 1, Integer.MAX_VALUE),
            settings.number(Setting.WORKSPACE_MAX_FILE_BYTES, 1, Long.MAX_VALUE),
            settings.number(Setting.WORKSPACE_MAX_TOTAL_BYTES, 1, Long.MAX_VALUE)));
  }
}
