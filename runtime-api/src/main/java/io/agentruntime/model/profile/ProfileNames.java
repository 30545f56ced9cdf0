// SPDX-License-Identifier: MIT

package io.agentruntime.model.profile;

import io.agentruntime.error.AgentRuntimeException;
import java.util.regex.Pattern;

/** Names inside a profile become file names: one safe path segment each. */
final class ProfileNames {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");

  private ProfileNames() {}

  static void require(String what, String name) {
    if (!SAFE.matcher(name).matches()) {
      throw AgentRuntimeException.invalid(
          what + " name", "1 to 100 of letters, digits, '_', '.' or '-', not '" + name + "'");
    }
  }
}
