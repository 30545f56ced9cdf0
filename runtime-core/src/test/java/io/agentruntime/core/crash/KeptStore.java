// SPDX-License-Identifier: MIT

package io.agentruntime.core.crash;

import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.PersistenceCapability;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Set;

/** A store that outlives servers: the next one finds it as it was left. */
final class KeptStore {
  static final String ID = "kept";

  private KeptStore() {}

  /** The store without its beginning and its end. */
  static PersistenceAdapter of(PersistenceAdapter store) {
    return (PersistenceAdapter)
        Proxy.newProxyInstance(
            PersistenceAdapter.class.getClassLoader(),
            new Class<?>[] {PersistenceAdapter.class},
            (self, method, arguments) -> {
              switch (method.getName()) {
                case "open", "close" -> {
                  return null;
                }
                case "id" -> {
                  return ID;
                }
                case "capabilities" -> {
                  Set<PersistenceCapability> all = new HashSet<>(store.capabilities());
                  all.add(PersistenceCapability.DURABLE);
                  return all;
                }
                default -> {
                  try {
                    return method.invoke(store, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                }
              }
            });
  }
}
