// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The connections of one adapter, each set up so that what it commits is kept. */
final class ConnectionPool {
  /** No statement of ours takes this long; a connection that is silent for longer is dead. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** Connections that stay open when there is nothing to do. */
  private static final int KEPT = 2;

  private ConnectionPool() {}

  /** Connects; the caller closes the pool. */
  static HikariDataSource open(JdbcSettings settings) {
    Engine engine = settings.url().engine();
    HikariConfig config = new HikariConfig();
    config.setPoolName("agent-runtime-jdbc");
    config.setJdbcUrl(url(settings));
    config.setDriverClassName(driver(engine));
    config.setMaximumPoolSize(settings.connections());
    config.setMinimumIdle(KEPT);
    config.setConnectionTimeout(settings.patience().toMillis());
    config.setValidationTimeout(Math.min(settings.patience().toMillis(), 5_000));
    if (settings.username() != null) {
      config.setUsername(settings.username());
    }
    Secret password = settings.password();
    if (password != null) {
      config.setPassword(password.reveal());
    }
    switch (engine) {
      case SQLITE -> setUpSqlite(config, settings);
      case H2 -> config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
      case POSTGRESQL -> setUpPostgres(config, settings);
      case MARIADB, MYSQL -> setUpMariaDb(config, settings, engine);
    }
    return new HikariDataSource(config);
  }

  /** Refuses a database that is there to be read only: H2 opens such files without a word. */
  static void requireWritable(HikariDataSource pool, JdbcSettings settings) {
    boolean readOnly;
    try (Connection connection = pool.getConnection()) {
      readOnly = connection.isReadOnly();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    if (readOnly) {
      throw new AgentRuntimeException(
          StandardError.STORE_UNAVAILABLE,
          "persistence 'jdbc': the database "
              + settings.url()
              + " cannot be written to; make file and folder writable");
    }
  }

  /** Gives up all connections there are, because one of them turned out to be dead. */
  static void renew(HikariDataSource pool) {
    HikariPoolMXBean bean = pool.getHikariPoolMXBean();
    if (bean != null) {
      bean.softEvictConnections();
    }
  }

  private static String url(JdbcSettings settings) {
    String url = settings.url().url();
    return switch (settings.url().engine()) {
      // Without the delay, because by default H2 loses what it acknowledged in the last half
      // second.
      case H2 ->
          url
              + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT="
              + settings.patience().toMillis();
      case MYSQL -> url + (url.indexOf('?') < 0 ? "?" : "&") + "permitMysqlScheme";
      case SQLITE, POSTGRESQL, MARIADB -> url;
    };
  }

  private static String driver(Engine engine) {
    return switch (engine) {
      case SQLITE -> "org.sqlite.JDBC";
      case H2 -> "org.h2.Driver";
      case POSTGRESQL -> "org.postgresql.Driver";
      case MARIADB, MYSQL -> "org.mariadb.jdbc.Driver";
    };
  }

  private static void setUpSqlite(HikariConfig config, JdbcSettings settings) {
    config.addDataSourceProperty("journal_mode", "WAL");
    config.addDataSourceProperty("synchronous", "FULL");
    config.addDataSourceProperty("busy_timeout", Long.toString(settings.patience().toMillis()));
    config.addDataSourceProperty("temp_store", "MEMORY");
    // Kilobytes of pages per connection, and how large an emptied log may stay.
    config.addDataSourceProperty("cache_size", "-8000");
    config.addDataSourceProperty("journal_size_limit", Integer.toString(64 << 20));
  }

  private static void setUpPostgres(HikariConfig config, JdbcSettings settings) {
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.addDataSourceProperty("ApplicationName", "agent-runtime");
    config.addDataSourceProperty("connectTimeout", seconds(settings.patience()));
    config.addDataSourceProperty("socketTimeout", seconds(SILENCE));
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    // Details of errors quote rows.
    config.addDataSourceProperty("logServerErrorDetail", "false");
    config.addDataSourceProperty(
        "options",
        "-c lock_timeout="
            + settings.patience().toMillis()
            + " -c synchronous_commit=on -c idle_in_transaction_session_timeout="
            + standstill(settings).toMillis());
  }

  /**
   * After how long the database ends a transaction in which nothing happens: that of a server which
   * stands still, with locks for which those that took its sessions over would wait.
   */
  private static Duration standstill(JdbcSettings settings) {
    return settings.patience().multipliedBy(2);
  }

  private static void setUpMariaDb(HikariConfig config, JdbcSettings settings, Engine engine) {
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.addDataSourceProperty("connectTimeout", Long.toString(settings.patience().toMillis()));
    config.addDataSourceProperty("socketTimeout", Long.toString(SILENCE.toMillis()));
    config.addDataSourceProperty("rewriteBatchedStatements", "true");
    config.addDataSourceProperty(
        "sessionVariables",
        "innodb_lock_wait_timeout="
            + Math.max(1, settings.patience().toSeconds())
            // MySQL has none.
            + (engine == Engine.MARIADB
                ? ",idle_transaction_timeout=" + seconds(standstill(settings))
                : ""));
  }

  private static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.toSeconds()));
  }
}
