// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import java.util.Map;

/**
 * Agent profiles as JSON-like maps, as they stand in files of YAML or JSON. Stateless.
 *
 * <p>Reading knows three shapes and any mixture of them: the canonical one, which {@link #write}
 * gives; the flat one of earlier clients ({@code agentMDFile}, {@code skillMd}, {@code
 * supportingFiles}, …); and the one with {@code customEntities}, whose entities have {@code
 * content} and {@code metadata}. Reading is strict, because a profile is written by people: an
 * unknown field, a wrong type or a dangerous name is refused with its path, for instance {@code
 * skills[2].files[0].path}.
 *
 * <p>The canonical shape is {@code {id, name, description?, systemPrompt?, rules, tools?, skills,
 * subagents, commands, mcpServers, npmDependencies, pipDependencies, environmentVariables,
 * defaultWorkspaceFiles, plugins, hooks, permissions, defaultOptions}}; empty collections are left
 * out. {@code tools: []} allows no tool, no {@code tools} at all allows every tool. A skill or
 * subagent without a description is described by its name.
 */
public final class ProfileMaps {
  private ProfileMaps() {}

  /**
   * Reads a profile whose files are all written into it.
   *
   * @throws AgentRuntimeException {@code INVALID_ARGUMENT} naming the path of what is wrong
   */
  public static AgentProfile read(Map<String, ?> map) {
    return read(map, ProjectFiles.NONE);
  }

  /**
   * Reads a profile.
   *
   * @param map the profile
   * @param projects reads the folders that {@code bundledMCPs[].localProjectPath} names
   * @throws AgentRuntimeException {@code INVALID_ARGUMENT} naming the path of what is wrong
   */
  public static AgentProfile read(Map<String, ?> map, ProjectFiles projects) {
    return new ProfileReader(new Fields("", map), projects).read();
  }

  /** The profile in its canonical shape; it holds the profile's secrets. */
  public static Map<String, Object> write(AgentProfile profile) {
    return ProfileWriter.write(profile);
  }
}
