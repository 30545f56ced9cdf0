// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import io.agentruntime.spi.Secret;
import java.util.Map;
import java.util.Optional;

/** Where secrets come from. Thread-safe. */
@FunctionalInterface
public interface SecretSource {
  /** The secret of that name, empty when it is not set. */
  Optional<Secret> secret(String name);

  /** The process's own environment variables; an empty variable counts as not set. */
  static SecretSource environment() {
    return name ->
        Optional.ofNullable(System.getenv(name)).filter(v -> !v.isEmpty()).map(Secret::of);
  }

  /** These values, for tests and embedding. */
  static SecretSource of(Map<String, String> values) {
    Map<String, String> copy = Map.copyOf(values);
    return name -> Optional.ofNullable(copy.get(name)).map(Secret::of);
  }
}
