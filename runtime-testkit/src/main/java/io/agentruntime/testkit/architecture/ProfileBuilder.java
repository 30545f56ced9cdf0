// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Plugin;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds agent profiles for tests: one that is called {@code test}, is empty and asks for no
 * permission, unless it is told otherwise. Confined to one thread.
 */
public final class ProfileBuilder {
  private @Nullable String systemPrompt;
  private @Nullable List<String> tools;
  private final List<Rule> rules = new ArrayList<>();
  private final List<Skill> skills = new ArrayList<>();
  private final List<SubagentDefinition> subagents = new ArrayList<>();
  private final List<CommandDefinition> commands = new ArrayList<>();
  private final List<McpServer> mcpServers = new ArrayList<>();
  private final List<Plugin> plugins = new ArrayList<>();
  private List<String> npm = List.of();
  private List<String> pip = List.of();
  private Map<String, String> environment = Map.of();
  private Map<String, Object> hooks = Map.of();
  private Map<String, Object> defaultOptions = Map.of();
  private PermissionPolicy permissions = PermissionPolicy.BYPASS;

  /** The system prompt. */
  public ProfileBuilder systemPrompt(String value) {
    systemPrompt = value;
    return this;
  }

  /** The tools that are allowed. */
  public ProfileBuilder tools(List<String> value) {
    tools = value;
    return this;
  }

  /** One more rule. */
  public ProfileBuilder rule(Rule value) {
    rules.add(value);
    return this;
  }

  /** One more skill. */
  public ProfileBuilder skill(Skill value) {
    skills.add(value);
    return this;
  }

  /** One more subagent. */
  public ProfileBuilder subagent(SubagentDefinition value) {
    subagents.add(value);
    return this;
  }

  /** One more command. */
  public ProfileBuilder command(CommandDefinition value) {
    commands.add(value);
    return this;
  }

  /** One more server of tools. */
  public ProfileBuilder mcpServer(McpServer value) {
    mcpServers.add(value);
    return this;
  }

  /** One more plugin. */
  public ProfileBuilder plugin(Plugin value) {
    plugins.add(value);
    return this;
  }

  /** The npm packages. */
  public ProfileBuilder npm(List<String> value) {
    npm = value;
    return this;
  }

  /** The Python packages. */
  public ProfileBuilder pip(List<String> value) {
    pip = value;
    return this;
  }

  /** The variables. */
  public ProfileBuilder environment(Map<String, String> value) {
    environment = value;
    return this;
  }

  /** The hooks. */
  public ProfileBuilder hooks(Map<String, Object> value) {
    hooks = value;
    return this;
  }

  /** The default options. */
  public ProfileBuilder defaultOptions(Map<String, Object> value) {
    defaultOptions = value;
    return this;
  }

  /** Who decides about permissions. */
  public ProfileBuilder permissions(PermissionPolicy value) {
    permissions = value;
    return this;
  }

  /** The profile. */
  public AgentProfile build() {
    return new AgentProfile(
        "test",
        "Test",
        null,
        systemPrompt,
        rules,
        tools,
        skills,
        subagents,
        commands,
        mcpServers,
        npm,
        pip,
        environment,
        List.of(),
        plugins,
        hooks,
        permissions,
        defaultOptions,
        null,
        null);
  }
}
