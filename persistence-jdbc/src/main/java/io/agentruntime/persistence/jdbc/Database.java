// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.micronaut.context.ApplicationContext;
import io.micronaut.core.type.Argument;
import io.micronaut.data.connection.ConnectionDefinition;
import io.micronaut.data.connection.ConnectionOperations;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One open database: runs work in transactions on its own threads. Thread-safe.
 *
 * <p>Work never runs on the caller's thread. An interrupt in the middle of a statement would close
 * the connection, with H2 even the database, and leave open whether a commit happened; and native
 * calls would pin the carriers of virtual threads. So an interrupt ends the wait for a turn, with
 * nothing done, while what has begun is waited for.
 */
final class Database implements AutoCloseable {
  /** Work inside of a transaction; it may be done again when the database broke a tie. */
  @FunctionalInterface
  interface Work<T> {
    T run(Tx tx) throws SQLException;
  }

  private static final int ATTEMPTS = 5;

  private final Engine engine;
  private final HikariDataSource pool;
  private final ApplicationContext context;
  private final ConnectionOperations<Connection> connections;
  private final Lane readers;
  private final Lane writers;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Database(JdbcSettings settings, HikariDataSource pool, ApplicationContext context) {
    this.engine = settings.url().engine();
    this.pool = pool;
    this.context = context;
    this.connections = connections(context);
    int connections = settings.connections();
    if (engine.hasOneWriter()) {
      writers = new Lane("jdbc-writer", 1);
      readers = new Lane("jdbc-reader", connections - 1);
    } else {
      writers = new Lane("jdbc", connections);
      readers = writers;
    }
  }

  @SuppressWarnings("unchecked") // The argument names the type's parameter, which no class can.
  private static ConnectionOperations<Connection> connections(ApplicationContext context) {
    return context.getBean(Argument.of(ConnectionOperations.class, Connection.class));
  }

  /** Connects, brings the schema up to date, and starts. */
  static Database open(JdbcSettings settings) {
    HikariDataSource pool;
    try {
      pool = ConnectionPool.open(settings);
    } catch (RuntimeException e) {
      throw cannotOpen(settings, e);
    }
    try {
      ConnectionPool.requireWritable(pool, settings);
      Migrations.run(pool, settings.url());
      return new Database(settings, pool, DatabaseContext.start(pool, settings.url().engine()));
    } catch (RuntimeException e) {
      pool.close();
      throw cannotOpen(settings, e);
    }
  }

  private static AgentRuntimeException cannotOpen(JdbcSettings settings, RuntimeException e) {
    return StoreErrors.of(
        settings.url().engine(),
        "persistence 'jdbc': the database "
            + settings.url()
            + " of the setting url cannot be opened",
        e);
  }

  Engine engine() {
    return engine;
  }

  /** What it says it is, with its version. */
  String product() throws InterruptedException {
    return read("asking the database what it is", Tx::product);
  }

  /** A bean of the database's context. */
  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /**
   * Reads in one transaction.
   *
   * @param what for the message when it fails: what was attempted, on which id
   */
  <T> T read(String what, Work<T> work) throws InterruptedException {
    return readers.run(() -> attempt(what, work));
  }

  /** Writes in one transaction, which is committed when this returns. */
  <T> T write(String what, Work<T> work) throws InterruptedException {
    if (!engine.hasOneWriter()) {
      return writers.run(() -> attempt(what, work));
    }
    return writers.run(
        () ->
            attempt(
                what,
                tx -> {
                  // Changes nothing but takes the lock, before anything was read that could be old.
                  tx.update("UPDATE lease_epoch SET last_epoch = last_epoch WHERE id = 0");
                  return work.run(tx);
                }));
  }

  /**
   * Writes in steps, each a transaction of its own so that others get their turn, until one says
   * that nothing is left.
   */
  void writeAll(String what, Work<Boolean> step) throws InterruptedException {
    boolean more = true;
    while (more) {
      more = write(what, step);
    }
  }

  private <T> T attempt(String what, Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      Transaction<T> transaction = new Transaction<>(engine, pool, work);
      try {
        return connections.execute(
            ConnectionDefinition.DEFAULT, status -> transaction.run(status.getConnection()));
      } catch (RuntimeException e) {
        if (transaction.isCommitted()) {
          // Only giving the connection back failed.
          return transaction.result();
        }
        Throwable failure = transaction.failure(e);
        boolean lost = StoreErrors.isConnectionLost(engine, failure);
        if (lost) {
          ConnectionPool.renew(pool);
        }
        boolean again = StoreErrors.isTie(failure) ? attempt < ATTEMPTS : lost && attempt == 1;
        // Whether a commit whose answer was lost happened is not known: that is the caller's.
        if (!again || transaction.isUnclear()) {
          throw StoreErrors.of(engine, what, failure);
        }
      }
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      readers.close();
      writers.close();
      try {
        context.close();
      } finally {
        pool.close();
      }
    }
  }

  /** Refuses work on an adapter that is not open. */
  static AgentRuntimeException closed() {
    return new AgentRuntimeException(StandardError.CLOSED, "persistence 'jdbc' is not open");
  }
}
