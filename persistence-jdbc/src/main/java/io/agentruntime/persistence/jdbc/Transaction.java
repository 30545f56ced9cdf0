// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at work in a transaction, and what became of it. Confined to one thread.
 *
 * <p>Not Micronaut's transactions: when SQLite runs out of space it ends the transaction by itself,
 * the rollback that follows fails, hides why, and leaves a connection behind that takes itself to
 * be in a transaction and is in none.
 */
final class Transaction<T> {
  private final Engine engine;
  private final HikariDataSource pool;
  private final Database.Work<T> work;
  private @Nullable T result;
  private @Nullable Throwable failure;
  private boolean committing;
  private boolean committed;

  /** Carries out of a callback that must not throw what is checked. */
  private static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(SQLException cause) {
      super(cause);
    }
  }

  Transaction(Engine engine, HikariDataSource pool, Database.Work<T> work) {
    this.engine = engine;
    this.pool = pool;
    this.work = work;
  }

  T run(Connection connection) {
    try {
      connection.setAutoCommit(false);
      T made = work.run(new Tx(connection, engine));
      result = made;
      committing = true;
      connection.commit();
      committed = true;
      connection.setAutoCommit(true);
      return made;
    } catch (SQLException e) {
      failure = e;
      undo(connection);
      throw new Failed(e);
    } catch (RuntimeException e) {
      failure = e;
      undo(connection);
      throw e;
    }
  }

  /** Leaves a connection as it was found, or makes sure that nobody gets it again. */
  private void undo(Connection connection) {
    try {
      if (!committed) {
        connection.rollback();
      }
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      Objects.requireNonNull(failure).addSuppressed(e);
      ConnectionPool.renew(pool);
    }
  }

  boolean isCommitted() {
    return committed;
  }

  /** Whether nobody knows if it was committed. */
  boolean isUnclear() {
    return committing && !committed;
  }

  @SuppressWarnings("NullAway") // Only after the work gave it, and then it may be what T allows.
  T result() {
    return result;
  }

  /** Why it failed, given what was thrown at the end. */
  Throwable failure(RuntimeException thrown) {
    return failure == null ? thrown : failure;
  }
}
