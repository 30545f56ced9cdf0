// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.gemini;

import io.agentruntime.scriptedmodel.play.AgentTools;
import io.agentruntime.scriptedmodel.play.Conversation;
import io.agentruntime.scriptedmodel.script.ToolCall;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tools of Gemini CLI, which takes relative paths from where it works. */
final class GeminiTools implements AgentTools {

  @Override
  public Use use(ToolCall call, Conversation conversation) {
    Map<String, Object> input = new LinkedHashMap<>();
    return switch (call) {
      case ToolCall.Write write -> {
        input.put("file_path", write.path());
        input.put("content", write.content());
        yield new Use("write_file", input);
      }
      case ToolCall.Edit edit -> {
        input.put("file_path", edit.path());
        input.put("instruction", "Replace a text as the script says");
        input.put("old_string", edit.before());
        input.put("new_string", edit.after());
        yield new Use("replace", input);
      }
      case ToolCall.Read read -> {
        input.put("file_path", read.path());
        yield new Use("read_file", input);
      }
      case ToolCall.Shell shell -> {
        input.put("command", shell.command());
        input.put("description", "Run a command of the script");
        yield new Use("run_shell_command", input);
      }
      case ToolCall.Delegate delegate -> {
        // The program's subagents always run in the foreground.
        input.put("agent_name", delegate.type().isEmpty() ? "generalist" : delegate.type());
        input.put("prompt", delegate.prompt());
        yield new Use("invoke_agent", input);
      }
      case ToolCall.Named named -> new Use(named.name(), named.input());
    };
  }
}
