// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.CrudRepository;

/** The table of agent profiles, in the SQL of whichever database it is. */
interface ProfileRows extends CrudRepository<ProfileRow, String> {
  /** The repository in one database's SQL. */
  static Class<? extends ProfileRows> of(Engine engine) {
    return switch (engine) {
      case SQLITE -> Ansi.class;
      case H2 -> H2.class;
      case POSTGRESQL -> Postgres.class;
      case MARIADB, MYSQL -> MySql.class;
    };
  }

  /** For SQLite, which Micronaut Data has no dialect of its own for. */
  @JdbcRepository(dialect = Dialect.ANSI)
  interface Ansi extends ProfileRows {}

  /** For H2. */
  @JdbcRepository(dialect = Dialect.H2)
  interface H2 extends ProfileRows {}

  /** For PostgreSQL. */
  @JdbcRepository(dialect = Dialect.POSTGRES)
  interface Postgres extends ProfileRows {}

  /** For MariaDB and MySQL. */
  @JdbcRepository(dialect = Dialect.MYSQL)
  interface MySql extends ProfileRows {}
}
