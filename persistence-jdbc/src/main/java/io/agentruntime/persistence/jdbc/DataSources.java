// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.micronaut.context.annotation.Factory;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import javax.sql.DataSource;

/** Makes a data source that exists already into the bean around which Micronaut Data works. */
@Factory
final class DataSources {
  /** Holds the data source on its way into the context. */
  record Given(DataSource dataSource) {}

  @Singleton
  @Named("default")
  DataSource dataSource(Given given) {
    return given.dataSource();
  }
}
