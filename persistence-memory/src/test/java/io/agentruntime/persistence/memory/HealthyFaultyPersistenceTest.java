// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.persistence.FaultyPersistence;
import io.agentruntime.testkit.persistence.PersistenceAdapterContract;

/** The fake passes the contract of what it wraps as long as nobody told it to fail. */
final class HealthyFaultyPersistenceTest extends PersistenceAdapterContract {
  @Override
  protected PersistenceAdapter newAdapter() {
    return new FaultyPersistence(new InMemoryPersistenceAdapter());
  }
}
