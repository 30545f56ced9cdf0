// SPDX-License-Identifier: MIT

package io.agentruntime.model.profile;

import io.agentruntime.model.JsonValues;
import java.util.Map;
import java.util.Objects;

/**
 * A plugin of the agent program, to be installed from a marketplace.
 *
 * @param name the plugin's name
 * @param marketplace where it comes from, JSON-like: {@code type}, {@code name} and more
 */
public record Plugin(String name, Map<String, Object> marketplace) {
  /** Checks and copies. */
  public Plugin {
    Objects.requireNonNull(name, "name");
    marketplace = JsonValues.copy(marketplace);
  }
}
