package io.agentruntime.testkit.architecture;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Plugin;
import io.agentruntime.model.profile.Skill;
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
        ArchitectureCapability.SKILLS,
        ArchitectureCapability.COMMANDS,
        ArchitectureCapability.MCP,
        ArchitectureCapability.HOOKS,
        ArchitectureCapability.PLUGINS);
  }

  static AgentProfile plain() {
    return profile(List.of(), List.of(), List.of(), List.of(), Map.of(), Map.of());
  }

  static AgentProfile withEnvironment(Map<String, String> environment) {
    return profile(List.of(), List.of(), List.of(), List.of(), Map.of(), environment);
  }

  static AgentProfile with(ArchitectureCapability part) {
    return switch (part) {
      case SKILLS ->
          profile(
              List.of(
                  new Skill(
                      "sample", "A sample", "Do it.", List.of(), List.of(), List.of(), Map.of())),
              List.of(),
              List.of(),
              List.of(),
              Map.of(),
              Map.of());
      case COMMANDS ->
          profile(
              List.of(),
              List.of(new CommandDefinition("sample", "A sample", "Do it.", Map.of())),
              List.of(),
              List.of(),
              Map.of(),
              Map.of());
      case MCP ->
          profile(
              List.of(),
              List.of(),
              List.of(new McpServer.Stdio("sample", "sample-server", List.of(), Map.of())),
              List.of(),
              Map.of(),
              Map.of());
      case PLUGINS ->
          profile(
              List.of(),
              List.of(),
              List.of(),
              List.of(
                  new Plugin(
                      "sample",
                      Map.of("type", "github", "name", "market", "repo", "owner/market"))),
              Map.of(),
              Map.of());
      case HOOKS ->
          profile(
              List.of(),
              List.of(),
              List.of(),
              List.of(),
              Map.of(
                  "PreToolUse",
                  List.of(Map.of("hooks", List.of(Map.of("type", "command", "command", "true"))))),
              Map.of());
      default -> throw new IllegalArgumentException(part + " is no part of a profile");
    };
  }

  private static AgentProfile profile(
      List<Skill> skills,
      List<CommandDefinition> commands,
      List<McpServer> mcpServers,
      List<Plugin> plugins,
      Map<String, Object> hooks,
      Map<String, String> environment) {
    return new AgentProfile(
        "sample",
        "Sample",
        null,
        null,
        List.of(),
        null,
        skills,
        List.of(),
        commands,
        mcpServers,
        List.of(),
        List.of(),
        environment,
        List.of(),
        plugins,
        hooks,
        PermissionPolicy.ASK,
        Map.of());
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
