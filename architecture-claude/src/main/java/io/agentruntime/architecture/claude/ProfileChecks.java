// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.architecture.support.profile.ProfileFields;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import io.agentruntime.spi.sandbox.SandboxPaths;
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
  private static final Set<String> RESERVED_VARIABLES =
      Set.of("CLAUDE_CONFIG_DIR", "CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS", "HOME", "PATH");
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
    ProfileFields.skillFiles(profile);
    ProfileFields.transports(profile);
    ProfileFields.environment(profile.environment(), RESERVED_VARIABLES::contains);
    hooks(profile.hooks());
    Plugins.install(profile, new ClaudePaths(ANY_PATHS));
  }

  /** Names of files, which may have their ending already. */
  private static void distinct(String field, Stream<String> names) {
    ProfileFields.distinct(
        field,
        names.map(name -> name.endsWith(".md") ? name.substring(0, name.length() - 3) : name));
  }

  private static void tools(List<String> tools) {
    for (String tool : tools) {
      if (!TOOL.matcher(tool).matches()) {
        throw ProfileFields.unsupported(
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

  private static void hooks(Map<String, Object> hooks) {
    hooks.forEach(
        (event, matchers) -> {
          if (!HOOK_EVENTS.contains(event)) {
            throw ProfileFields.unsupported("hooks." + event, "the program has no such event");
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
}
