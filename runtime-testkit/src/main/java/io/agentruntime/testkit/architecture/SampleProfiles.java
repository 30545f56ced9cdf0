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
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.ArchitectureCapability;
import io.agentruntime.spi.sandbox.FileUpload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Small profiles, each with one thing in it. */
final class SampleProfiles {
  private SampleProfiles() {}

  /** The capabilities that stand for parts of a profile. */
  static Stream<ArchitectureCapability> parts() {
    return Stream.of(
        ArchitectureCapability.SYSTEM_PROMPT,
        ArchitectureCapability.INSTRUCTIONS,
        ArchitectureCapability.TOOL_CHOICE,
        ArchitectureCapability.SKILLS,
        ArchitectureCapability.SUBAGENT_DEFINITIONS,
        ArchitectureCapability.COMMANDS,
        ArchitectureCapability.MCP,
        ArchitectureCapability.PACKAGES,
        ArchitectureCapability.HOOKS,
        ArchitectureCapability.PLUGINS);
  }

  /** One that leaves permissions to clients. */
  static AgentProfile asking() {
    return new ProfileBuilder().permissions(PermissionPolicy.ASK).build();
  }

  static AgentProfile plain(AgentArchitecture architecture) {
    return profile(architecture).build();
  }

  static AgentProfile withEnvironment(
      AgentArchitecture architecture, Map<String, String> environment) {
    return profile(architecture).environment(environment).build();
  }

  static AgentProfile with(AgentArchitecture architecture, ArchitectureCapability part) {
    ProfileBuilder profile = profile(architecture);
    switch (part) {
      case SYSTEM_PROMPT -> profile.systemPrompt("You are a sample.");
      case INSTRUCTIONS -> profile.rule(new Rule("sample", "Be brief.", List.of(), true, Map.of()));
      case TOOL_CHOICE -> profile.tools(List.of("Read"));
      case SKILLS ->
          profile.skill(
              new Skill("sample", "A sample", "Do it.", List.of(), List.of(), List.of(), Map.of()));
      case SUBAGENT_DEFINITIONS ->
          profile.subagent(
              new SubagentDefinition("sample", "A sample", "Do it.", null, null, Map.of()));
      case COMMANDS ->
          profile.command(new CommandDefinition("sample", "A sample", "Do it.", Map.of()));
      case MCP ->
          profile.mcpServer(new McpServer.Stdio("sample", "sample-server", List.of(), Map.of()));
      case PACKAGES -> profile.npm(List.of("left-pad@1.3.0"));
      case PLUGINS ->
          profile.plugin(
              new Plugin(
                  "sample", Map.of("type", "github", "name", "market", "repo", "owner/market")));
      case HOOKS ->
          profile.hooks(
              Map.of(
                  "PreToolUse",
                  List.of(Map.of("hooks", List.of(Map.of("type", "command", "command", "true"))))));
      default -> throw new IllegalArgumentException(part + " is no part of a profile");
    }
    return profile.build();
  }

  /** With a policy that the architecture can keep. */
  private static ProfileBuilder profile(AgentArchitecture architecture) {
    boolean asks = architecture.capabilities().contains(ArchitectureCapability.PERMISSIONS);
    return new ProfileBuilder().permissions(asks ? PermissionPolicy.ASK : PermissionPolicy.BYPASS);
  }

  static String text(FileUpload file) {
    try {
      return file.content() == null
          ? ""
          : new String(file.content().readAll(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading memory cannot fail", e);
    }
  }
}
