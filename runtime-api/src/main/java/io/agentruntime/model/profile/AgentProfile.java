// SPDX-License-Identifier: MIT

package io.agentruntime.model.profile;

import io.agentruntime.model.Ids;
import io.agentruntime.model.JsonValues;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The declarative set-up of an agent. What an architecture cannot honour it must refuse by field
 * name, never ignore.
 *
 * @param id the profile's id
 * @param name for people
 * @param description for people, if given
 * @param systemPrompt replaces the agent's own system prompt, if given
 * @param rules instruction texts; the main one goes to the agent's main instruction file
 * @param tools the tools the agent may use, null for all
 * @param skills skills
 * @param subagents subagents
 * @param commands slash commands
 * @param mcpServers MCP servers
 * @param npmDependencies npm packages installed before the first turn
 * @param pipDependencies Python packages installed before the first turn
 * @param environment variables for the agent; values are secret
 * @param workspaceFiles files a new session's workspace begins with
 * @param plugins plugins of the agent program
 * @param hooks hooks by event name, JSON-like; empty for none
 * @param permissions what happens when the agent asks
 * @param defaultOptions session options used where the session has none, JSON-like
 * @param architecture id or synonym of the architecture of sessions that name none, null to leave
 *     it to the runtime
 * @param sandbox id of the sandbox provider of sessions that name none, null to leave it to the
 *     runtime
 */
public record AgentProfile(
    String id,
    String name,
    @Nullable String description,
    @Nullable String systemPrompt,
    List<Rule> rules,
    @Nullable List<String> tools,
    List<Skill> skills,
    List<SubagentDefinition> subagents,
    List<CommandDefinition> commands,
    List<McpServer> mcpServers,
    List<String> npmDependencies,
    List<String> pipDependencies,
    Map<String, String> environment,
    List<ProfileFile> workspaceFiles,
    List<Plugin> plugins,
    Map<String, Object> hooks,
    PermissionPolicy permissions,
    Map<String, Object> defaultOptions,
    @Nullable String architecture,
    @Nullable String sandbox) {
  /** Checks and copies. */
  public AgentProfile {
    Ids.require("profile id", id);
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(permissions, "permissions");
    rules = List.copyOf(rules);
    tools = tools == null ? null : List.copyOf(tools);
    skills = List.copyOf(skills);
    subagents = List.copyOf(subagents);
    commands = List.copyOf(commands);
    mcpServers = List.copyOf(mcpServers);
    npmDependencies = List.copyOf(npmDependencies);
    pipDependencies = List.copyOf(pipDependencies);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    workspaceFiles = List.copyOf(workspaceFiles);
    plugins = List.copyOf(plugins);
    hooks = JsonValues.copy(hooks);
    defaultOptions = JsonValues.copy(defaultOptions);
  }

  /** A profile with a name and nothing else. */
  public static AgentProfile named(String id, String name) {
    return new AgentProfile(
        id,
        name,
        null,
        null,
        List.of(),
        null,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        PermissionPolicy.BYPASS,
        Map.of(),
        null,
        null);
  }

  /**
   * The names of those fields which say something to the agent, and which its architecture
   * therefore honours or refuses: not the profile's own names, nor what the core sees to (workspace
   * files, default options, the choice of architecture and sandbox).
   *
   * @return in the order of the fields; {@code permissions} unless nothing is ever asked
   */
  public Set<String> partsForAgent() {
    Map<String, Boolean> used = new LinkedHashMap<>();
    used.put("systemPrompt", systemPrompt != null);
    used.put("rules", !rules.isEmpty());
    used.put("tools", tools != null);
    used.put("skills", !skills.isEmpty());
    used.put("subagents", !subagents.isEmpty());
    used.put("commands", !commands.isEmpty());
    used.put("mcpServers", !mcpServers.isEmpty());
    used.put("npmDependencies", !npmDependencies.isEmpty());
    used.put("pipDependencies", !pipDependencies.isEmpty());
    used.put("environment", !environment.isEmpty());
    used.put("plugins", !plugins.isEmpty());
    used.put("hooks", !hooks.isEmpty());
    used.put("permissions", permissions != PermissionPolicy.BYPASS);
    used.values().removeIf(says -> !says);
    return Collections.unmodifiableSet(used.keySet());
  }

  /** The profile in a listing. */
  public ProfileSummary summary() {
    return new ProfileSummary(id, name, description);
  }

  @Override
  public String toString() {
    return "AgentProfile[" + id + "]";
  }
}
