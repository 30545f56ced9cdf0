// SPDX-License-Identifier: MIT

package io.agentruntime.model.workspace;

import io.agentruntime.error.AgentRuntimeException;

/**
 * A path inside a workspace: relative, '/' between names, no empty name, '.', '..' or NUL.
 *
 * @param value the text, at most 4096 characters
 */
public record WorkspacePath(String value) implements Comparable<WorkspacePath> {
  /** Checks the shape. */
  public WorkspacePath {
    if (value.isEmpty() || value.length() > 4096 || value.indexOf('\0') >= 0) {
      throw refused();
    }
    for (String name : value.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        throw refused();
      }
    }
  }

  private static AgentRuntimeException refused() {
    return AgentRuntimeException.invalid(
        "path", "a relative path of 1 to 4096 characters without empty names, '.' or '..'");
  }

  @Override
  public int compareTo(WorkspacePath other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
