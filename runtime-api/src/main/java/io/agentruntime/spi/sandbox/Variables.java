// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Environment variables: a name that is no name could become another variable or an option. */
final class Variables {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private Variables() {}

  /** An unmodifiable copy in the same order; refuses names and values that no system has. */
  static Map<String, String> copy(Map<String, String> variables) {
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      if (!NAME.matcher(variable.getKey()).matches()) {
        throw AgentRuntimeException.invalid(
            "environment", "names like A_B1, not '" + variable.getKey() + "'");
      }
      if (variable.getValue().indexOf('\0') >= 0) {
        throw AgentRuntimeException.invalid(
            "environment." + variable.getKey(), "a value without NUL");
      }
    }
    return Collections.unmodifiableMap(new LinkedHashMap<>(variables));
  }
}
