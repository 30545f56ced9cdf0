// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a database's failure means for us. Stateless. */
final class StoreErrors {
  private static final int SQLITE_BUSY = 5;
  private static final int SQLITE_READONLY = 8;
  private static final int SQLITE_CORRUPT = 11;
  private static final int SQLITE_FULL = 13;
  private static final int SQLITE_CANTOPEN = 14;
  private static final int SQLITE_CONSTRAINT = 19;
  private static final int SQLITE_NOTADB = 26;

  private static final Set<Integer> H2_CLOSED = Set.of(90098, 90121, 90067, 90135);
  private static final Set<Integer> H2_CORRUPT = Set.of(90030, 90048);
  private static final Set<Integer> MYSQL_FULL = Set.of(1021, 1114);
  private static final Set<Integer> MYSQL_READ_ONLY = Set.of(1290, 1792, 1036);
  private static final Set<Integer> MYSQL_CORRUPT = Set.of(126, 127, 145, 1034, 1194, 1712);

  private StoreErrors() {}

  /**
   * The exception for our caller.
   *
   * @param what was attempted, on which id
   */
  static AgentRuntimeException of(Engine engine, String what, Throwable failure) {
    Optional<AgentRuntimeException> ours = find(failure, AgentRuntimeException.class);
    if (ours.isPresent()) {
      return ours.get();
    }
    SQLException cause = find(failure, SQLException.class).orElse(null);
    StandardError code =
        cause != null && isCorrupt(engine, cause)
            ? StandardError.STORE_CORRUPT
            : StandardError.STORE_UNAVAILABLE;
    return new AgentRuntimeException(
        code, what + ": " + (cause == null ? "the store failed" : reason(engine, cause)), failure);
  }

  /** Whether the database failed, and not somebody who uses it. */
  static boolean isFromDatabase(Throwable failure) {
    return find(failure, SQLException.class).isPresent();
  }

  /** Without the driver's own words, which may quote what was to be stored. */
  private static String reason(Engine engine, SQLException e) {
    String place = engine.name().toLowerCase(Locale.ROOT);
    String why;
    if (isFull(engine, e)) {
      why = "no space is left on the disk of " + place + "; make room, nothing else is needed";
    } else if (isReadOnly(engine, e)) {
      why = place + " cannot be written to; make file and folder writable";
    } else if (isCorrupt(engine, e)) {
      why = "the data of " + place + " is damaged; restore a backup";
    } else if (isConnectionLost(engine, e)) {
      why = place + " cannot be reached";
    } else if (isBusy(engine, e)) {
      why = place + " is locked by somebody else for too long";
    } else {
      why = place + " refused";
    }
    return why + " (state " + e.getSQLState() + ", error " + e.getErrorCode() + ")";
  }

  /** The same transaction may succeed at once: the database broke a tie. */
  static boolean isTie(Throwable failure) {
    return find(failure, SQLException.class)
        .map(SQLException::getSQLState)
        .filter(state -> state.equals("40001") || state.equals("40P01"))
        .isPresent();
  }

  /** A row with that key is there already. */
  static boolean isDuplicate(Engine engine, Throwable failure) {
    SQLException e = find(failure, SQLException.class).orElse(null);
    return e != null
        && (engine == Engine.SQLITE
            ? e.getErrorCode() == SQLITE_CONSTRAINT
            : "23505".equals(e.getSQLState()) || e.getErrorCode() == 1062);
  }

  /** The connection is of no use any more. */
  static boolean isConnectionLost(Engine engine, Throwable failure) {
    SQLException e = find(failure, SQLException.class).orElse(null);
    if (e == null) {
      return false;
    }
    String state = String.valueOf(e.getSQLState());
    return e instanceof SQLTransientConnectionException
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.equals("25P03")
        || (engine == Engine.H2 && H2_CLOSED.contains(e.getErrorCode()));
  }

  private static boolean isBusy(Engine engine, SQLException e) {
    return switch (engine) {
      case SQLITE -> e.getErrorCode() == SQLITE_BUSY;
      case H2 -> e.getErrorCode() == 50200;
      case POSTGRESQL -> "55P03".equals(e.getSQLState());
      case MARIADB, MYSQL -> e.getErrorCode() == 1205;
    };
  }

  private static boolean isFull(Engine engine, SQLException e) {
    return switch (engine) {
      case SQLITE -> e.getErrorCode() == SQLITE_FULL;
      case H2 -> chainSays(e, "No space left");
      case POSTGRESQL -> "53100".equals(e.getSQLState());
      case MARIADB, MYSQL -> MYSQL_FULL.contains(e.getErrorCode());
    };
  }

  private static boolean isReadOnly(Engine engine, SQLException e) {
    return switch (engine) {
      case SQLITE -> e.getErrorCode() == SQLITE_READONLY || e.getErrorCode() == SQLITE_CANTOPEN;
      case H2 -> e.getErrorCode() == 90097 || chainSays(e, "Read-only file system");
      case POSTGRESQL -> "25006".equals(e.getSQLState());
      case MARIADB, MYSQL -> MYSQL_READ_ONLY.contains(e.getErrorCode());
    };
  }

  private static boolean isCorrupt(Engine engine, SQLException e) {
    return switch (engine) {
      case SQLITE -> e.getErrorCode() == SQLITE_CORRUPT || e.getErrorCode() == SQLITE_NOTADB;
      case H2 -> H2_CORRUPT.contains(e.getErrorCode());
      case POSTGRESQL -> String.valueOf(e.getSQLState()).startsWith("XX00");
      case MARIADB, MYSQL -> MYSQL_CORRUPT.contains(e.getErrorCode());
    };
  }

  private static boolean chainSays(Throwable failure, String words) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (String.valueOf(e.getMessage()).contains(words)) {
        return true;
      }
    }
    return false;
  }

  private static <E extends Throwable> Optional<E> find(
      @Nullable Throwable failure, Class<E> type) {
    // Bounded, because a driver may make a circle of causes.
    Throwable e = failure;
    for (int depth = 0; e != null && depth < 20; depth++) {
      if (type.isInstance(e)) {
        return Optional.of(type.cast(e));
      }
      e = e.getCause();
    }
    return Optional.empty();
  }
}
