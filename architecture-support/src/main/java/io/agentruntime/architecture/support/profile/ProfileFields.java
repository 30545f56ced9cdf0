// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.profile;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.Skill;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Refuses fields of a profile: with {@code PROFILE_FIELD_UNSUPPORTED} what the program cannot
 * honour, with {@code INVALID_ARGUMENT} what is malformed. Both name the field. Each architecture
 * says which of these rules hold for it.
 */
public final class ProfileFields {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> TRANSPORTS = Set.of("http", "sse");
  private static final String NOT_INSTALLED = "packages are not installed";

  private ProfileFields() {}

  /** The error for a field that the program cannot honour. */
  public static AgentRuntimeException unsupported(String field, String why) {
    return new AgentRuntimeException(
        StandardError.PROFILE_FIELD_UNSUPPORTED, "profile." + field + ": " + why);
  }

  /** Refuses what is given, where anything is. */
  public static void refuse(String field, Collection<?> given, String why) {
    if (!given.isEmpty()) {
      throw unsupported(field, why);
    }
  }

  /** Refuses hooks, plugins and packages, for programs that have none. */
  public static void refuseExtensions(AgentProfile profile) {
    refuse("hooks", profile.hooks().keySet(), "hooks are not supported");
    refuse("plugins", profile.plugins(), "plugins are not supported");
    refuse("npmDependencies", profile.npmDependencies(), NOT_INSTALLED);
    refuse("pipDependencies", profile.pipDependencies(), NOT_INSTALLED);
    for (Skill skill : profile.skills()) {
      String field = "skills." + skill.name();
      refuse(field + ".npmDependencies", skill.npmDependencies(), NOT_INSTALLED);
      refuse(field + ".pipDependencies", skill.pipDependencies(), NOT_INSTALLED);
    }
  }

  /** Refuses rules for some files alone. */
  public static void refuseRulePaths(AgentProfile profile) {
    for (Rule rule : profile.rules()) {
      refuse(
          "rules." + rule.name() + ".paths",
          rule.paths(),
          "instructions always count for all files");
    }
  }

  /** Names that occur once: a later file of the same name would replace an earlier one. */
  public static void distinct(String field, Stream<String> names) {
    Set<String> seen = new HashSet<>();
    names.forEach(
        name -> {
          if (!seen.add(name)) {
            throw AgentRuntimeException.invalid(
                "profile." + field, "different names, not '" + name + "' twice");
          }
        });
  }

  /** A skill's content is its SKILL.md, which none of its files may replace. */
  public static void skillFiles(AgentProfile profile) {
    for (Skill skill : profile.skills()) {
      if (skill.files().stream().anyMatch(file -> file.path().value().equals("SKILL.md"))) {
        throw AgentRuntimeException.invalid(
            "profile.skills." + skill.name() + ".files", "no file SKILL.md beside the content");
      }
    }
  }

  /** Servers are reached over http or sse. */
  public static void transports(AgentProfile profile) {
    for (McpServer server : profile.mcpServers()) {
      if (server instanceof McpServer.Http http && !TRANSPORTS.contains(http.transport())) {
        throw unsupported(
            "mcpServers." + http.name() + ".transport",
            "'" + http.transport() + "' is neither http nor sse");
      }
    }
  }

  /**
   * Variables have names that shells take, and none is the architecture's.
   *
   * @param own whether the architecture sets a variable itself
   */
  public static void environment(Map<String, String> environment, Predicate<String> own) {
    for (String name : environment.keySet()) {
      if (!VARIABLE.matcher(name).matches()) {
        throw AgentRuntimeException.invalid(
            "profile.environment", "names like A_B1, not '" + name + "'");
      }
    }
    reserved(environment, own);
  }

  /** No variable is the architecture's. */
  public static void reserved(Map<String, String> environment, Predicate<String> own) {
    for (String name : environment.keySet()) {
      if (own.test(name)) {
        throw unsupported("environment." + name, "the runtime sets this variable itself");
      }
    }
  }
}
