// SPDX-License-Identifier: MIT

package io.agentruntime.model;

import io.agentruntime.error.AgentRuntimeException;
import java.util.regex.Pattern;

/**
 * The shape that all ids of the model share: safe as a file name, label, URL segment and log text.
 */
public final class Ids {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,199}");

  private Ids() {}

  /**
   * Checks an id.
   *
   * @param kind the id's name in the error message
   * @param value the id
   * @return the same value
   */
  public static String require(String kind, String value) {
    if (!SAFE.matcher(value).matches() || value.contains("..")) {
      throw AgentRuntimeException.invalid(
          kind, "1 to 200 of letters, digits, '_', '.', ':' or '-', not beginning with a dot");
    }
    return value;
  }
}
