// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.openai;

import io.agentruntime.scriptedmodel.play.AgentTools;
import io.agentruntime.scriptedmodel.play.Conversation;
import io.agentruntime.scriptedmodel.script.ToolCall;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tools of OpenCode, which takes relative paths from where it works. */
final class OpenCodeTools implements AgentTools {

  @Override
  public Use use(ToolCall call, Conversation conversation) {
    Map<String, Object> input = new LinkedHashMap<>();
    return switch (call) {
      case ToolCall.Write write -> {
        input.put("filePath", write.path());
        input.put("content", write.content());
        yield new Use("write", input);
      }
      case ToolCall.Edit edit -> {
        input.put("filePath", edit.path());
        input.put("oldString", edit.before());
        input.put("newString", edit.after());
        yield new Use("edit", input);
      }
      case ToolCall.Read read -> {
        input.put("filePath", read.path());
        yield new Use("read", input);
      }
      case ToolCall.Shell shell -> {
        input.put("command", shell.command());
        yield new Use("bash", input);
      }
      case ToolCall.Delegate delegate -> {
        // The program's subagents run in the foreground.
        input.put("description", delegate.description());
        input.put("prompt", delegate.prompt());
        input.put("subagent_type", delegate.type().isEmpty() ? "general" : delegate.type());
        yield new Use("task", input);
      }
      case ToolCall.Named named -> new Use(named.name(), named.input());
    };
  }
}
