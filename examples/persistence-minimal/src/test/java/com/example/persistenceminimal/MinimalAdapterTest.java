package com.example.persistenceminimal;

import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.persistence.PersistenceAdapterContract;

/** Whatever an adapter must do; what is not declared must be refused. */
class MinimalAdapterTest extends PersistenceAdapterContract {
  @Override
  protected PersistenceAdapter newAdapter() {
    return new MinimalAdapter();
  }
}
