// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import io.agentruntime.spi.sandbox.Sandbox;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A sandbox in which the agent can be started.
 *
 * @param sandbox the sandbox
 * @param environment variables from the set-up; values are secret
 */
public record PreparedSandbox(Sandbox sandbox, Map<String, String> environment) {
  /** Copies the variables. */
  public PreparedSandbox {
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }

  @Override
  public String toString() {
    return "PreparedSandbox[" + sandbox.id() + "]";
  }
}
