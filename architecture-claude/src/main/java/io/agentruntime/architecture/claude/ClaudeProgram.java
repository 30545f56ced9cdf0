// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.architecture.AgentProgram;
import io.agentruntime.spi.architecture.ProgramRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The command line and environment of the program. */
final class ClaudeProgram {
  /** Tools that need a person who answers; without one they only cost a model call. */
  private static final List<String> ASKING_TOOLS =
      List.of("AskUserQuestion", "EnterPlanMode", "ExitPlanMode");

  private final ProgramRequest request;
  private final AgentProfile profile;
  private final ClaudeOptions options;
  private final ClaudePaths paths;

  private ClaudeProgram(ProgramRequest request) {
    this.request = request;
    this.profile = request.profile();
    this.options = ClaudeOptions.of(profile, request.options());
    this.paths = new ClaudePaths(request.paths());
  }

  static AgentProgram of(ProgramRequest request) {
    ClaudeProgram program = new ClaudeProgram(request);
    return new AgentProgram(
        program.command(),
        environment(program.profile, program.options, program.paths),
        request.paths().workspace(),
        true);
  }

  private List<String> command() {
    List<String> command = new ArrayList<>(Dependencies.launcher(profile, paths));
    command.addAll(
        List.of(
            "claude",
            "-p",
            "--input-format",
            "stream-json",
            "--output-format",
            "stream-json",
            "--verbose",
            "--include-partial-messages",
            "--replay-user-messages",
            "--forward-subagent-text"));
    command.add(request.resume() ? "--resume" : "--session-id");
    command.add(ClaudePaths.nativeId(request.sessionId(), request.nativeId()));
    prompts(command);
    permissions(command);
    tools(command);
    model(command);
    return command;
  }

  private void prompts(List<String> command) {
    command.add("--setting-sources");
    command.add(String.join(",", options.settingSources()));
    // Off: a changed profile counts from the next process on, also in an old conversation.
    command.add("--system-prompt-snapshot");
    command.add("off");
    if (profile.systemPrompt() != null) {
      command.add("--system-prompt-file");
      command.add(paths.systemPrompt());
    }
    if (!profile.mcpServers().isEmpty()) {
      command.add("--mcp-config");
      command.add(paths.mcpConfig());
    }
    // A file in the workspace must not be able to start programs.
    command.add("--strict-mcp-config");
  }

  private void permissions(List<String> command) {
    switch (profile.permissions()) {
      case BYPASS -> command.add("--dangerously-skip-permissions");
      case ASK ->
          command.addAll(
              List.of("--permission-mode", "default", "--permission-prompt-tool", "stdio"));
      case DENY ->
          command.addAll(
              List.of(
                  "--disallowedTools",
                  String.join(",", ASKING_TOOLS),
                  "--permission-mode",
                  "default",
                  "--permission-prompt-tool",
                  "stdio"));
    }
  }

  private void tools(List<String> command) {
    List<String> listed = profile.tools();
    if (listed == null) {
      return;
    }
    Set<String> tools = new LinkedHashSet<>();
    // Tools of MCP servers come with their servers; the flag is about the built-in ones.
    listed.stream().filter(tool -> !tool.startsWith("mcp__")).forEach(tools::add);
    if (!profile.skills().isEmpty()) {
      tools.add("Skill");
    }
    if (!profile.subagents().isEmpty() && !tools.contains("Agent")) {
      tools.add("Task");
    }
    command.add("--tools");
    command.add(String.join(",", tools));
  }

  private void model(List<String> command) {
    add(command, "--model", options.model());
    add(command, "--fallback-model", options.fallbackModel());
    add(command, "--effort", options.effort());
    add(command, "--max-turns", options.maxTurns());
    add(
        command,
        "--max-budget-usd",
        options.maxBudgetUsd() == null ? null : options.maxBudgetUsd().toPlainString());
  }

  private static void add(
      List<String> command, String flag, @org.jspecify.annotations.Nullable Object value) {
    if (value != null) {
      command.add(flag);
      command.add(value.toString());
    }
  }

  /** The variables for the program and for the set-up's commands. */
  static Map<String, String> environment(
      AgentProfile profile, ClaudeOptions options, ClaudePaths paths) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    environment.put("DISABLE_AUTOUPDATER", "1");
    // Where processes run as root the program refuses to skip permissions unless it is told so.
    environment.put("IS_SANDBOX", "1");
    // The program then says when it is idle, background subagents included.
    environment.put("CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS", "1");
    environment.put("CLAUDE_CODE_MAX_RETRIES", Long.toString(options.maxRetries()));
    if (options.maxThinkingTokens() != null) {
      environment.put("MAX_THINKING_TOKENS", Long.toString(options.maxThinkingTokens()));
    }
    environment.putAll(Dependencies.environment(profile, paths));
    environment.putAll(profile.environment());
    environment.put("CLAUDE_CONFIG_DIR", paths.config());
    return environment;
  }
}
