// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.Secret;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the operator decides.
 *
 * @param url setting {@code url}, default a SQLite file in the provider's folder
 * @param username setting {@code username}
 * @param password setting {@code password}, the secret {@code AGENT_RUNTIME_JDBC_PASSWORD} or the
 *     one in the URL
 * @param connections setting {@code pool-size}: how many connections at most
 * @param patience setting {@code timeout-ms}: how long to wait for a connection or a lock
 */
record JdbcSettings(
    DatabaseUrl url,
    @Nullable String username,
    @Nullable Secret password,
    int connections,
    Duration patience) {
  static final String URL = "url";
  static final String USERNAME = "username";
  static final String PASSWORD = "password";
  static final String POOL_SIZE = "pool-size";
  static final String TIMEOUT = "timeout-ms";
  static final String PASSWORD_SECRET = "AGENT_RUNTIME_JDBC_PASSWORD";

  /** Enough that readers do not wait for one another; SQLite's one writer needs few. */
  private static final int DEFAULT_CONNECTIONS = 8;

  static JdbcSettings of(ProviderContext context) {
    Set<String> unknown = new TreeSet<>(context.settingKeys());
    unknown.removeAll(Set.of(URL, USERNAME, PASSWORD, POOL_SIZE, TIMEOUT));
    if (!unknown.isEmpty()) {
      throw wrong("knows no setting " + unknown);
    }
    DatabaseUrl url =
        DatabaseUrl.parse(
            context
                .setting(URL)
                .orElseGet(
                    () ->
                        "jdbc:sqlite:"
                            + context
                                .dataDirectory()
                                .resolve("agent-runtime.db")
                                .toAbsolutePath()));
    return new JdbcSettings(
        url,
        context.setting(USERNAME).orElse(null),
        password(context, url),
        number(context, POOL_SIZE, DEFAULT_CONNECTIONS, 2, 200),
        Duration.ofMillis(number(context, TIMEOUT, 5_000, 250, 600_000)));
  }

  private static @Nullable Secret password(ProviderContext context, DatabaseUrl url) {
    return context
        .setting(PASSWORD)
        .map(Secret::of)
        .or(() -> context.secret(PASSWORD_SECRET))
        .orElse(url.password());
  }

  private static int number(
      ProviderContext context, String key, int whenAbsent, int least, int most) {
    Optional<String> setting = context.setting(key);
    if (setting.isEmpty()) {
      return whenAbsent;
    }
    try {
      int number = Integer.parseInt(setting.get().strip());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one refusal below.
    }
    throw wrong(key + " must be a number from " + least + " to " + most);
  }

  private static AgentRuntimeException wrong(String what) {
    return new AgentRuntimeException(StandardError.CONFIGURATION, "persistence 'jdbc': " + what);
  }
}
