// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.agentruntime.testkit.TestProviderContext;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That no connection is set up so that it loses what it committed. */
final class ConnectionPoolTest {
  private @TempDir Path folder;

  private HikariDataSource open(Map<String, String> settings) {
    return ConnectionPool.open(
        JdbcSettings.of(TestProviderContext.in(folder, InstantSource.system()).with(settings)));
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      assertThat(result.next()).isTrue();
      return result.getString(1);
    }
  }

  @Test
  void everyConnectionToSqliteSyncsEachCommit() throws SQLException {
    try (HikariDataSource pool = open(Map.of())) {
      List<Connection> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(pool.getConnection());
      }
      for (Connection connection : all) {
        assertThat(ask(connection, "PRAGMA synchronous")).as("2 is FULL").isEqualTo("2");
        assertThat(ask(connection, "PRAGMA journal_mode")).isEqualTo("wal");
        assertThat(ask(connection, "PRAGMA busy_timeout")).isEqualTo("5000");
        connection.close();
      }
    }
  }

  @Test
  void h2WritesWithoutDelay() throws SQLException {
    Map<String, String> settings =
        Map.of("url", "jdbc:h2:file:" + folder.resolve("h2").toAbsolutePath());
    try (HikariDataSource pool = open(settings);
        Connection connection = pool.getConnection()) {
      assertThat(
              ask(
                  connection,
                  "SELECT setting_value FROM information_schema.settings"
                      + " WHERE setting_name = 'WRITE_DELAY'"))
          .isEqualTo("0");
    }
  }
}
