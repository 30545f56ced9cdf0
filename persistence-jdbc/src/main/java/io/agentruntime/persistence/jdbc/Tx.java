// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SQL inside of one transaction. Confined to the thread and to the time of that transaction.
 *
 * <p>Parameters are {@code Long}, {@code Integer}, {@code String}, {@code byte[]} or null.
 */
final class Tx {
  /** Makes something of the row that a result stands on. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Rows per round trip: bounds what a driver holds in memory. */
  private static final int ROWS_PER_BATCH = 500;

  private static final long BYTES_PER_BATCH = 4 << 20;

  private final Connection connection;
  private final Engine engine;

  Tx(Connection connection, Engine engine) {
    this.connection = connection;
    this.engine = engine;
  }

  Engine engine() {
    return engine;
  }

  /** Name and version of the database. */
  String product() throws SQLException {
    DatabaseMetaData server = connection.getMetaData();
    return server.getDatabaseProductName() + " " + server.getDatabaseProductVersion();
  }

  /** Runs a statement; gives the number of rows it touched. */
  int update(String sql, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, parameters);
      return statement.executeUpdate();
    }
  }

  /** Inserts a row; gives the key that the database made. */
  long insert(String key, String sql, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql, new String[] {key})) {
      set(statement, parameters);
      statement.executeUpdate();
      try (ResultSet keys = statement.getGeneratedKeys()) {
        if (!keys.next()) {
          throw new SQLException("the database gave no key");
        }
        return keys.getLong(1);
      }
    }
  }

  /** Runs a statement once for each set of parameters. */
  void batch(String sql, Iterable<@Nullable Object[]> sets) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int rows = 0;
      long bytes = 0;
      for (@Nullable Object[] parameters : sets) {
        set(statement, parameters);
        statement.addBatch();
        rows++;
        bytes += size(parameters);
        if (rows == ROWS_PER_BATCH || bytes >= BYTES_PER_BATCH) {
          statement.executeBatch();
          rows = 0;
          bytes = 0;
        }
      }
      if (rows > 0) {
        statement.executeBatch();
      }
    }
  }

  /** The first row, if there is one. */
  <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, parameters);
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? Optional.of(row.read(result)) : Optional.empty();
      }
    }
  }

  /** All rows; the SQL must bound how many. */
  <T> List<T> all(String sql, Row<T> row, @Nullable Object... parameters) throws SQLException {
    List<T> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, parameters);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(row.read(result));
        }
      }
    }
    return rows;
  }

  private static long size(@Nullable Object[] parameters) {
    long bytes = 0;
    for (Object parameter : parameters) {
      bytes += parameter instanceof byte[] content ? content.length : 16;
    }
    return bytes;
  }

  private static void set(PreparedStatement statement, @Nullable Object[] parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      switch (parameters[i]) {
        case Long number -> statement.setLong(i + 1, number);
        case Integer number -> statement.setInt(i + 1, number);
        case String text -> statement.setString(i + 1, text);
        case byte[] bytes -> statement.setBytes(i + 1, bytes);
        case null -> statement.setNull(i + 1, Types.NULL);
        default ->
            throw new IllegalArgumentException("no parameter of " + parameters[i].getClass());
      }
    }
  }
}
