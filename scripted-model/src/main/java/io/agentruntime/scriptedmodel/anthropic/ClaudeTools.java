// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.anthropic;

import io.agentruntime.scriptedmodel.play.AgentTools;
import io.agentruntime.scriptedmodel.play.Conversation;
import io.agentruntime.scriptedmodel.script.ToolCall;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tools of Claude Code, which wants absolute paths. */
final class ClaudeTools implements AgentTools {

  private final String workingDirectory;

  /**
   * @param workingDirectory what relative paths are resolved against when a request does not say
   *     where the agent works
   */
  ClaudeTools(String workingDirectory) {
    this.workingDirectory = workingDirectory;
  }

  @Override
  public Use use(ToolCall call, Conversation conversation) {
    Map<String, Object> input = new LinkedHashMap<>();
    return switch (call) {
      case ToolCall.Write write -> {
        input.put("file_path", absolute(write.path(), conversation));
        input.put("content", write.content());
        yield new Use("Write", input);
      }
      case ToolCall.Edit edit -> {
        input.put("file_path", absolute(edit.path(), conversation));
        input.put("old_string", edit.before());
        input.put("new_string", edit.after());
        yield new Use("Edit", input);
      }
      case ToolCall.Read read -> {
        input.put("file_path", absolute(read.path(), conversation));
        yield new Use("Read", input);
      }
      case ToolCall.Shell shell -> {
        input.put("command", shell.command());
        input.put("description", "Run a command of the script");
        yield new Use("Bash", input);
      }
      case ToolCall.Delegate delegate -> delegate(delegate, conversation);
      case ToolCall.Named named -> new Use(named.name(), named.input());
    };
  }

  private static Use delegate(ToolCall.Delegate delegate, Conversation conversation) {
    // Older programs offer the same tool as Task.
    boolean agent = conversation.tools().contains("Agent");
    String name = agent || !conversation.tools().contains("Task") ? "Agent" : "Task";
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("description", delegate.description());
    input.put("prompt", delegate.prompt());
    input.put("subagent_type", delegate.type().isEmpty() ? "general-purpose" : delegate.type());
    if (name.equals("Agent")) {
      // Said either way: without it, the program chooses the background.
      input.put("run_in_background", delegate.background());
    }
    return new Use(name, input);
  }

  private String absolute(String path, Conversation conversation) {
    if (path.startsWith("/")) {
      return path;
    }
    String base = conversation.workingDirectory().orElse(workingDirectory);
    return base.endsWith("/") ? base + path : base + "/" + path;
  }
}
