// SPDX-License-Identifier: MIT

package io.agentruntime.app.config;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every setting of the server itself: its name below {@code agent-runtime.}, default, meaning. */
public enum Setting {
  /** Where to listen. */
  HOST("host", "127.0.0.1", "address to listen on"),
  /** Where to listen. */
  PORT("port", "3001", "port to listen on; 0 takes a free one"),
  /** A second place for sockets. */
  WEBSOCKET_PORT("websocket-port", null, "a further port on which sockets are served too"),
  /** Where everything lies. */
  DATA_DIR("data-dir", null, "folder of the server's own files (AGENT_RUNTIME_HOME/data)"),
  /** Profiles. */
  PROFILES_DIR(
      "profiles-dir", null, "folder of agent profiles in YAML or JSON (DATA-DIR/profiles)"),
  /** The key. */
  API_KEY("api-key", null, "the key clients must send; better in a file"),
  /** The key's file. */
  API_KEY_FILE("api-key-file", null, "file of that key; made when missing (DATA-DIR/api-key)"),
  /** Which agent architecture. */
  ARCHITECTURE(
      "architecture",
      null,
      "architecture of sessions and profiles that name none; else it is required"),
  /** Which sandbox provider. */
  SANDBOX("sandbox", "auto", "sandbox provider: auto, docker, local, ..."),
  /** Which store. */
  PERSISTENCE("persistence", "jdbc", "persistence adapter: jdbc, memory, ..."),
  /** Which model. */
  MODEL("model", null, "'scripted' feeds the agents from a scripted model in this process"),
  /** Log level. */
  LOG_LEVEL("log-level", "info", "debug, info, warn or error"),
  /** Log format. */
  LOG_FORMAT("log-format", "plain", "plain, or json with one object per line"),
  /** Idle timeout. */
  IDLE_TIMEOUT_MS("idle-timeout-ms", "900000", "a session without work for so long is unloaded"),
  /** Sync interval. */
  SYNC_INTERVAL_MS("sync-interval-ms", "30000", "how often a running turn's work is stored"),
  /** Health interval. */
  HEALTH_INTERVAL_MS("health-interval-ms", "30000", "how often a sandbox is asked if it is alive"),
  /** Turn timeout. */
  TURN_TIMEOUT_MS("turn-timeout-ms", "7200000", "how long a turn may take"),
  /** Interrupt grace. */
  INTERRUPT_GRACE_MS("interrupt-grace-ms", "5000", "how long an agent may take to stop"),
  /** Prepare timeout. */
  PREPARE_TIMEOUT_MS("prepare-timeout-ms", "600000", "how long setting up a sandbox may take"),
  /** Store timeout. */
  STORE_TIMEOUT_MS("store-timeout-ms", "30000", "how long a request waits for the store"),
  /** Lease. */
  LEASE_MS("lease-ms", "30000", "how long a session stays a server's that does not renew that"),
  /** Opening providers. */
  PROVIDER_OPEN_TIMEOUT_MS(
      "provider-open-timeout-ms", "30000", "how long opening the providers may take at start"),
  /** Shutdown timeout. */
  SHUTDOWN_TIMEOUT_MS("shutdown-timeout-ms", "30000", "how long stopping may take in all"),
  /** What stopping leaves. */
  SHUTDOWN_MODE(
      "shutdown-mode", "end", "end: turns and sandboxes end; detach: the next server goes on"),
  /** Old sessions. */
  RETENTION_DAYS(
      "retention-days", "0", "sessions without activity for so long are removed; 0: never"),
  /** Logs. */
  COMPACT_LOGS(
      "compact-logs", "true", "drop deltas of complete blocks when a session leaves memory"),
  /** Queue length. */
  MAX_QUEUED_MESSAGES("max-queued-messages", "100", "messages that may wait in a session"),
  /** Workspace limit. */
  WORKSPACE_MAX_FILES("workspace.max-files", "20000", "entries of a workspace that are kept"),
  /** Workspace limit. */
  WORKSPACE_MAX_FILE_BYTES("workspace.max-file-bytes", "67108864", "largest file that is kept"),
  /** Workspace limit. */
  WORKSPACE_MAX_TOTAL_BYTES("workspace.max-total-bytes", "1073741824", "all kept files together"),
  /** Workspace limit. */
  WORKSPACE_IGNORED_NAMES(
      "workspace.ignored-names",
      "node_modules,.git,__pycache__,.venv,.cache",
      "names that are not kept, at any depth"),
  /** Body limit. */
  MAX_BODY_BYTES("max-body-bytes", "10485760", "largest request body"),
  /** File contents in replies. */
  MAX_INLINE_FILE_BYTES("max-inline-file-bytes", "262144", "text of a file that a reply holds"),
  /** File contents in replies. */
  MAX_INLINE_TOTAL_BYTES(
      "max-inline-total-bytes", "8388608", "text of all files that a reply holds"),
  /** CORS. */
  CORS_ORIGINS(
      "cors-origins",
      "http://localhost:3000,http://localhost:3001,http://localhost:5173",
      "origins of browser clients, separated by commas; * for all"),
  /** Rate limit. */
  RATE_LIMIT_PER_SECOND(
      "rate-limit.per-second", "100", "requests per second of one client; 0: any"),
  /** Rate limit. */
  RATE_LIMIT_BURST("rate-limit.burst", "500", "requests at once of one client"),
  /** Rate limit. */
  RATE_LIMIT_FAILED_AUTH_PER_MINUTE(
      "rate-limit.failed-auth-per-minute", "30", "wrong keys per minute of one address"),
  /** Sockets. */
  GATEWAY_DIALECT("gateway.dialect", "flat", "what sockets speak that do not say: flat or unified"),
  /** Sockets. */
  GATEWAY_RECOVERY_MS("gateway.recovery-ms", "120000", "how long a lost socket may come back");

  private final String key;
  private final @Nullable String defaultValue;
  private final String meaning;

  Setting(String key, @Nullable String defaultValue, String meaning) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.meaning = meaning;
  }

  /** The name below {@code agent-runtime.}. */
  public String key() {
    return key;
  }

  /** The value when nobody says otherwise, if there is one. */
  public Optional<String> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /** What it means, in a line. */
  public String meaning() {
    return meaning;
  }

  /** The environment variable of that meaning. */
  public String variable() {
    return SettingKeys.ENVIRONMENT_PREFIX
        + key.replace('.', '_').replace('-', '_').toUpperCase(java.util.Locale.ROOT);
  }

  static Optional<Setting> named(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }
}
