// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.persistence.PersistenceAdapterContract;

/** The contract on SQLite, which is what a provider without settings uses. */
final class SqlitePersistenceTest extends PersistenceAdapterContract {
  @Override
  protected PersistenceAdapter newAdapter() {
    return new JdbcPersistenceAdapter();
  }
}
