// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import static io.agentruntime.support.json.ProfileValues.dependencies;
import static io.agentruntime.support.json.ProfileValues.environment;
import static io.agentruntime.support.json.ProfileValues.files;
import static io.agentruntime.support.json.ProfileValues.id;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Plugin;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads one profile in any of its shapes. Confined to one thread. */
final class ProfileReader {
  private final Fields profile;
  private final @Nullable Fields custom;
  private final ProjectFiles projects;

  ProfileReader(Fields profile, ProjectFiles projects) {
    this.profile = profile;
    this.custom = profile.optionalObject("customEntities");
    this.projects = projects;
  }

  AgentProfile read() {
    String id = id(profile);
    String name = profile.text("name");
    String description = profile.optionalText("description");
    String systemPrompt = profile.optionalText("systemPrompt");
    List<Rule> rules = rules();
    List<String> tools = tools(profile);
    List<Skill> skills = entities("skills", EntityReader::skill, Skill::name);
    List<SubagentDefinition> subagents =
        entities("subagents", EntityReader::subagent, SubagentDefinition::name);
    List<CommandDefinition> commands =
        entities("commands", EntityReader::command, CommandDefinition::name);
    List<McpServer> servers = new McpReader(profile, projects).read();
    AgentProfile read =
        new AgentProfile(
            id,
            name,
            description,
            systemPrompt,
            rules,
            tools,
            skills,
            subagents,
            commands,
            servers,
            dependencies(profile, "npmDependencies"),
            dependencies(profile, "pipDependencies"),
            environment(profile, "environmentVariables"),
            files(profile, "defaultWorkspaceFiles"),
            plugins(),
            hooks(),
            permissions(),
            profile.values("defaultOptions"),
            profile.optionalText("architecture"),
            profile.optionalText("sandbox"));
    if (custom != null) {
      custom.refuseOthers();
    }
    profile.refuseOthers();
    return read;
  }

  private List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    String main = profile.optionalText("agentMDFile");
    if (main != null) {
      rules.add(new Rule("main", main, List.of(), true, Map.of()));
    }
    rules.addAll(entities("rules", EntityReader::rule, Rule::name));
    return rules;
  }

  /** What stands in the profile itself and what stands in its custom entities. */
  private <T> List<T> entities(String key, Function<Fields, T> reader, Function<T, String> nameOf) {
    List<Fields> objects = new ArrayList<>(profile.objects(key));
    if (custom != null) {
      objects.addAll(custom.objects(key));
    }
    List<T> entities = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Fields object : objects) {
      T entity = reader.apply(object);
      object.refuseOthers();
      requireNew(names, nameOf.apply(entity), object);
      entities.add(entity);
    }
    return entities;
  }

  /** Two entities of one name would be one file. */
  static void requireNew(Set<String> names, String name, Fields object) {
    if (!names.add(name)) {
      throw object.wrong("name", "a name that no other of its kind has, not '" + name + "' again");
    }
  }

  static @Nullable List<String> tools(Fields fields) {
    if (fields.has("tools")) {
      return fields.texts("tools");
    }
    if (fields.isWritten("tools")) {
      // An empty YAML value: "none" and "all" are both likely, and one of them is dangerous.
      throw fields.wrong("tools", "a list: [] for no tools; leave the field out for all tools");
    }
    return null;
  }

  private List<Plugin> plugins() {
    List<Plugin> plugins = new ArrayList<>();
    for (Fields plugin : profile.objects("plugins")) {
      String key = plugin.has("pluginName") ? "pluginName" : "name";
      String name = ProfileValues.name(plugin, key);
      Fields marketplace = plugin.object("marketplace");
      marketplace.text("type");
      if (marketplace.has("name")) {
        ProfileValues.name(marketplace, "name");
      }
      plugins.add(new Plugin(name, Fields.under(marketplace.path(), marketplace::all)));
      plugin.refuseOthers();
    }
    return plugins;
  }

  private Map<String, Object> hooks() {
    Map<String, Object> hooks = profile.values("hooks");
    for (Map.Entry<String, Object> hook : hooks.entrySet()) {
      if (!(hook.getValue() instanceof List<?>)) {
        throw AgentRuntimeException.invalid("hooks." + hook.getKey(), "a list");
      }
    }
    return hooks;
  }

  private PermissionPolicy permissions() {
    PermissionPolicy policy = profile.optionalChoice("permissions", PermissionPolicy.class);
    return policy == null ? PermissionPolicy.BYPASS : policy;
  }
}
