// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Refuses what would be lost or would mean something else: the program ignores a settings file with
 * one mistake in it as a whole, and a later file of the same name replaces an earlier one.
 */
final class ProfileChecks {
  private static final Pattern TOOL = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*(?:__[^\\s,]+)?");
  private static final Pattern PACKAGE = Pattern.compile("[^-\\s][^\\s\\x00]{0,499}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> RESERVED_VARIABLES =
      Set.of("CLAUDE_CONFIG_DIR", "CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS", "HOME", "PATH");
  private static final Set<String> TRANSPORTS = Set.of("http", "sse");
  private static final Set<String> HOOK_EVENTS =
      Set.of(
          "PreToolUse",
          "PostToolUse",
          "PostToolUseFailure",
          "PostToolBatch",
          "Notification",
          "UserPromptSubmit",
          "UserPromptExpansion",
          "SessionStart",
          "SessionEnd",
          "Stop",
          "StopFailure",
          "SubagentStart",
          "SubagentStop",
          "PreCompact",
          "PostCompact",
          "PermissionRequest",
          "PermissionDenied",
          "Setup",
          "TaskCreated",
          "TaskCompleted",
          "InstructionsLoaded",
          "CwdChanged",
          "FileChanged");
  private static final SandboxPaths ANY_PATHS = new SandboxPaths("/workspace", "/home", "/scratch");

  private ProfileChecks() {}

  static void check(AgentProfile profile) {
    distinct("rules", profile.rules().stream().filter(rule -> !rule.main()).map(Rule::name));
    distinct("skills", profile.skills().stream().map(Skill::name));
    distinct("subagents", profile.subagents().stream().map(SubagentDefinition::name));
    distinct("commands", profile.commands().stream().map(CommandDefinition::name));
    distinct("mcpServers", profile.mcpServers().stream().map(McpServer::name));
    tools(profile.tools() == null ? List.of() : profile.tools());
    packages("npmDependencies", Dependencies.npm(profile));
    packages("pipDependencies", Dependencies.pip(profile));
    skillFiles(profile);
    transports(profile);
    environment(profile.environment());
    hooks(profile.hooks());
    Plugins.install(profile, new ClaudePaths(ANY_PATHS));
  }

  private static void distinct(String field, Stream<String> names) {
    Set<String> seen = new HashSet<>();
    names.forEach(
        name -> {
          String file = name.endsWith(".md") ? name.substring(0, name.length() - 3) : name;
          if (!seen.add(file)) {
            throw AgentRuntimeException.invalid(
                "profile." + field, "different names, not '" + name + "' twice");
          }
        });
  }

  private static void tools(List<String> tools) {
    for (String tool : tools) {
      if (!TOOL.matcher(tool).matches()) {
        throw unsupported(
            "tools", "'" + tool + "': names of tools are supported, patterns are not");
      }
    }
  }

  private static void packages(String field, Set<String> packages) {
    for (String name : packages) {
      if (!PACKAGE.matcher(name).matches()) {
        throw AgentRuntimeException.invalid(
            "profile." + field, "names of packages, not '" + name + "'");
      }
    }
  }

  private static void skillFiles(AgentProfile profile) {
    for (Skill skill : profile.skills()) {
      boolean replaced =
          skill.files().stream().anyMatch(file -> file.path().value().equals("SKILL.md"));
      if (replaced) {
        throw AgentRuntimeException.invalid(
            "profile.skills." + skill.name() + ".files", "no file SKILL.md beside the content");
      }
    }
  }

  private static void transports(AgentProfile profile) {
    for (McpServer server : profile.mcpServers()) {
      if (server instanceof McpServer.Http http && !TRANSPORTS.contains(http.transport())) {
        throw unsupported(
            "mcpServers." + http.name() + ".transport",
            "'" + http.transport() + "' is neither http nor sse");
      }
    }
  }

  private static void environment(Map<String, String> environment) {
    for (String name : environment.keySet()) {
      if (!VARIABLE.matcher(name).matches()) {
        throw AgentRuntimeException.invalid(
            "profile.environment", "names like A_B1, not '" + name + "'");
      }
      if (RESERVED_VARIABLES.contains(name)) {
        throw unsupported("environment." + name, "the runtime sets this variable itself");
      }
    }
  }

  private static void hooks(Map<String, Object> hooks) {
    hooks.forEach(
        (event, matchers) -> {
          if (!HOOK_EVENTS.contains(event)) {
            throw unsupported("hooks." + event, "the program has no such event");
          }
          boolean wellFormed =
              matchers instanceof List<?> list
                  && list.stream().allMatch(ProfileChecks::isHookMatcher);
          if (!wellFormed) {
            throw AgentRuntimeException.invalid(
                "profile.hooks." + event,
                "a list of {matcher, hooks: [{type: \"command\", command} or {type: \"prompt\","
                    + " prompt}]}");
          }
        });
  }

  private static boolean isHookMatcher(Object value) {
    return value instanceof Map<?, ?> matcher
        && (matcher.get("matcher") == null || matcher.get("matcher") instanceof String)
        && matcher.get("hooks") instanceof List<?> hooks
        && hooks.stream().allMatch(ProfileChecks::isHook);
  }

  private static boolean isHook(Object value) {
    return value instanceof Map<?, ?> hook
        && hook.get("type") instanceof String type
        && (type.equals("command") || type.equals("prompt"))
        && hook.get(type) instanceof String;
  }

  private static AgentRuntimeException unsupported(String field, String why) {
    return new AgentRuntimeException(
        StandardError.PROFILE_FIELD_UNSUPPORTED, "profile." + field + ": " + why);
  }
}
