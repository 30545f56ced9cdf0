// SPDX-License-Identifier: MIT

package io.agentruntime.spi;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** What a provider may know of its surroundings. Thread-safe. */
public interface ProviderContext {
  /**
   * This installation's stable id; sandboxes carry it as a label, so that a runtime finds what is
   * its own and touches nothing else.
   */
  String runtimeId();

  /** A folder that this provider alone may write to; it exists. */
  Path dataDirectory();

  /** The clock to use instead of the system's. */
  InstantSource clock();

  /**
   * A setting under this provider's own prefix.
   *
   * @param key without the prefix, kebab case, for instance {@code image}
   */
  Optional<String> setting(String key);

  /** The keys of all settings under this provider's prefix, so that unknown ones can be refused. */
  Set<String> settingKeys();

  /**
   * A secret, from the environment or a secret file.
   *
   * @param name its usual name, for instance {@code ANTHROPIC_API_KEY}
   */
  Optional<Secret> secret(String name);
}
