// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import java.util.Optional;

/**
 * A class loader in which providers are looked for.
 *
 * @param loader the class loader
 * @param isolation set when the providers in it see nothing but the API
 */
record ProviderSource(ClassLoader loader, Optional<IsolatedFolder> isolation) {
  /** The class path that the runtime itself is on. */
  static ProviderSource shared(ClassLoader loader) {
    return new ProviderSource(loader, Optional.empty());
  }

  /** A folder with a class loader of its own. */
  static ProviderSource isolated(IsolatedFolder folder) {
    return new ProviderSource(folder.loader(), Optional.of(folder));
  }

  /** What makes calls right for a provider that was found here. */
  <T> T guarded(Class<T> type, T provider) {
    return isolation.isPresent() ? ContextualCalls.guard(type, provider, loader) : provider;
  }
}
