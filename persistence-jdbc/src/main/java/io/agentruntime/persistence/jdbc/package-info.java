// SPDX-License-Identifier: MIT

/**
 * The persistence provider {@code jdbc}: everything in SQLite, PostgreSQL, MariaDB or H2, chosen by
 * URL; nothing here knows what a session does.
 */
@Configuration
@Requires(env = DatabaseContext.ENVIRONMENT)
@NullMarked
package io.agentruntime.persistence.jdbc;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
