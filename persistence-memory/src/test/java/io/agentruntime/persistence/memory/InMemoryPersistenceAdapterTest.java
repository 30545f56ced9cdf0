// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.persistence.PersistenceAdapterContract;

final class InMemoryPersistenceAdapterTest extends PersistenceAdapterContract {
  @Override
  protected PersistenceAdapter newAdapter() {
    return new InMemoryPersistenceAdapter();
  }
}
