// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A database of its own for one run: a SQLite file, or a PostgreSQL server in a container. Closing
 * removes the container. One thread at a time.
 */
final class Database implements AutoCloseable {
  private static final String IMAGE = "agent-runtime-postgresql:local";
  private static final String NAME = "agent_runtime";
  private static final String PASSWORD = "secret";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long PAUSE_NANOS = 200_000_000;

  private final String url;
  private final String container;

  private Database(String url, String container) {
    this.url = url;
    this.container = container;
  }

  /** What is stored of a session's log: all numbers in order, and the last one by its own word. */
  record Numbers(List<Long> stored, long last) {}

  static Database sqlite(Path folder) {
    return new Database("jdbc:sqlite:" + folder.resolve("store.db"), "");
  }

  /** Starts a server; its image is what {@code build/database-images} makes. */
  static Database postgresql() throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String container = docker("run", "-d", "--rm", "-p", "127.0.0.1:" + port + ":5432", IMAGE);
    Database database = new Database("jdbc:postgresql://127.0.0.1:" + port + "/" + NAME, container);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Connection connection = database.connect()) {
        if (connection.isValid(5)) {
          return database;
        }
      } catch (SQLException e) {
        if (System.nanoTime() > deadline) {
          database.close();
          throw new IOException("the database server does not start", e);
        }
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** The server's settings for it. */
  Map<String, String> environment() {
    String prefix = "AGENT_RUNTIME_PERSISTENCE_MORTAL_";
    return container.isEmpty()
        ? Map.of(prefix + "URL", url)
        : Map.of(prefix + "URL", url, prefix + "USERNAME", NAME, prefix + "PASSWORD", PASSWORD);
  }

  private Connection connect() throws SQLException {
    return container.isEmpty()
        ? DriverManager.getConnection(url)
        : DriverManager.getConnection(url, NAME, PASSWORD);
  }

  /** Reads what is stored of a session's log. */
  Numbers numbers(String session) throws SQLException {
    try (Connection connection = connect()) {
      List<Long> stored =
          longs(
              connection,
              "SELECT DISTINCT e.seq FROM event e JOIN session s ON s.session_key = e.session_key"
                  + " WHERE s.id = ? ORDER BY e.seq",
              session);
      List<Long> last = longs(connection, "SELECT last_seq FROM session WHERE id = ?", session);
      return new Numbers(stored, last.isEmpty() ? -1 : last.getFirst());
    }
  }

  private static List<Long> longs(Connection connection, String query, String session)
      throws SQLException {
    List<Long> values = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, session);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          values.add(rows.getLong(1));
        }
      }
    }
    return values;
  }

  private static String docker(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + ": " + said);
    }
    return said.strip();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (!container.isEmpty()) {
      String removed = docker("rm", "-f", container);
      if (!removed.equals(container)) {
        throw new IOException("the database server was not removed: " + removed);
      }
    }
  }
}
