// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.script;

/** A script that cannot be read; the message names the tag at fault and what it wants. */
public final class ScriptException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ScriptException(String message) {
    super(message);
  }
}
