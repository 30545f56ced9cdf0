// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.persistence.PersistenceAdapterContract;
import java.nio.file.Path;
import java.util.Map;

/** The contract on H2. */
final class H2PersistenceIT extends PersistenceAdapterContract {
  @Override
  protected PersistenceAdapter newAdapter() {
    return new JdbcPersistenceAdapter();
  }

  @Override
  protected Map<String, String> settings(Path dataDirectory) {
    return Map.of(
        "url",
        "jdbc:h2:file:" + dataDirectory.resolve("store").toAbsolutePath(),
        "timeout-ms",
        TestStore.PATIENCE_MILLIS);
  }
}
