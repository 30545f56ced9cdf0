// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.persistence.PersistenceAdapterContract;
import java.nio.file.Path;
import java.util.Map;

/** The contract on SQLite, which is what a provider without a URL uses. */
final class SqlitePersistenceTest extends PersistenceAdapterContract {
  @Override
  protected PersistenceAdapter newAdapter() {
    return new JdbcPersistenceAdapter();
  }

  @Override
  protected Map<String, String> settings(Path dataDirectory) {
    return Map.of("timeout-ms", TestStore.PATIENCE_MILLIS);
  }
}
