// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import io.agentruntime.spi.persistence.PersistenceAdapter;

final class NineOperationsAdapterTest extends PersistenceAdapterContract {
  @Override
  protected PersistenceAdapter newAdapter() {
    return new NineOperationsAdapter();
  }
}
