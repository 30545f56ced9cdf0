package io.agentruntime.architecture.gemini;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds profiles for tests. Confined to one thread. */
final class ProfileBuilder {
  private @Nullable String systemPrompt;
  private @Nullable List<String> tools;
  private final List<Rule> rules = new ArrayList<>();
  private final List<Skill> skills = new ArrayList<>();
  private final List<SubagentDefinition> subagents = new ArrayList<>();
  private final List<CommandDefinition> commands = new ArrayList<>();
  private final List<McpServer> mcpServers = new ArrayList<>();

  private List<String> npm = List.of();
  private List<String> pip = List.of();
  private Map<String, String> environment = Map.of();

  private PermissionPolicy permissions = PermissionPolicy.BYPASS;

  ProfileBuilder systemPrompt(String value) {
    systemPrompt = value;
    return this;
  }

  ProfileBuilder tools(List<String> value) {
    tools = value;
    return this;
  }

  ProfileBuilder rule(Rule value) {
    rules.add(value);
    return this;
  }

  ProfileBuilder skill(Skill value) {
    skills.add(value);
    return this;
  }

  ProfileBuilder subagent(SubagentDefinition value) {
    subagents.add(value);
    return this;
  }

  ProfileBuilder command(CommandDefinition value) {
    commands.add(value);
    return this;
  }

  ProfileBuilder mcpServer(McpServer value) {
    mcpServers.add(value);
    return this;
  }

  ProfileBuilder npm(List<String> value) {
    npm = value;
    return this;
  }

  ProfileBuilder pip(List<String> value) {
    pip = value;
    return this;
  }

  ProfileBuilder environment(Map<String, String> value) {
    environment = value;
    return this;
  }

  ProfileBuilder permissions(PermissionPolicy value) {
    permissions = value;
    return this;
  }

  AgentProfile build() {
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
        List.of(),
        Map.of(),
        permissions,
        Map.of());
  }
}
