// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.script;

import java.util.Map;

/** What a script wants done by a tool, in no agent program's words. */
public sealed interface ToolCall {

  /** Writes a whole file; a relative path is meant from the agent's working directory. */
  record Write(String path, String content) implements ToolCall {}

  /** Replaces a text that occurs once in a file. */
  record Edit(String path, String before, String after) implements ToolCall {}

  /** Reads a file. */
  record Read(String path) implements ToolCall {}

  /** Runs a shell command. */
  record Shell(String command) implements ToolCall {}

  /**
   * Hands a prompt to a subagent; tags in the prompt script the subagent.
   *
   * @param description a few words for the user
   * @param type the agent program's name for the kind of subagent; empty for its general one
   * @param background whether the caller goes on without waiting
   */
  record Delegate(String prompt, String description, String type, boolean background)
      implements ToolCall {}

  /** Any other tool by the name and input that the agent program knows; passed on as it stands. */
  record Named(String name, Map<String, Object> input) implements ToolCall {}
}
