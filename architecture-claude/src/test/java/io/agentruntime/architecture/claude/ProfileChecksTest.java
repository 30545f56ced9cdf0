// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.Plugin;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import io.agentruntime.testkit.architecture.Refusals;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProfileChecksTest {
  private static ProfileBuilder profile() {
    return new ProfileBuilder();
  }

  private static Arguments invalid(ProfileBuilder builder, String field) {
    return Arguments.of(builder.build(), "INVALID_ARGUMENT", field);
  }

  private static Arguments unsupported(ProfileBuilder builder, String field) {
    return Arguments.of(builder.build(), "PROFILE_FIELD_UNSUPPORTED", field);
  }

  private static Plugin plugin(Map<String, Object> marketplace) {
    return new Plugin("sample", marketplace);
  }

  static List<Arguments> refused() {
    CommandDefinition command = new CommandDefinition("a", null, "p", Map.of());
    CommandDefinition same = new CommandDefinition("a.md", null, "p", Map.of());
    Skill skill =
        new Skill(
            "s",
            "d",
            "c",
            List.of(ProfileFile.text("SKILL.md", "x")),
            List.of(),
            List.of(),
            Map.of());
    return List.of(
        invalid(profile().command(command).command(same), "profile.commands"),
        invalid(profile().skill(skill), "profile.skills.s.files"),
        invalid(profile().npm(List.of("--global")), "profile.npmDependencies"),
        invalid(profile().pip(List.of("a b")), "profile.pipDependencies"),
        invalid(profile().hooks(Map.of("Stop", "true")), "profile.hooks.Stop"),
        invalid(
            profile().hooks(Map.of("Stop", List.of(Map.of("hooks", List.of(Map.of()))))),
            "profile.hooks.Stop"),
        invalid(
            profile().plugin(plugin(Map.of("type", "github", "name", "-x", "repo", "a/b"))),
            "profile.plugins[0]"),
        invalid(
            profile().plugin(plugin(Map.of("type", "github", "name", "x", "repo", "--a/b"))),
            "profile.plugins[0].marketplace.repo"),
        invalid(
            profile().plugin(plugin(Map.of("type", "url", "name", "x", "url", "file:///x"))),
            "profile.plugins[0].marketplace.url"),
        invalid(
            profile().plugin(plugin(Map.of("type", "local", "name", "x", "path", "../x"))),
            "profile.plugins[0].marketplace.path"),
        unsupported(
            profile().plugin(plugin(Map.of("type", "svn", "name", "x"))),
            "profile.plugins[0].marketplace.type"),
        unsupported(profile().tools(List.of("Bash(git *)")), "profile.tools"),
        unsupported(profile().hooks(Map.of("OnWhim", List.of())), "profile.hooks.OnWhim"),
        unsupported(
            profile().environment(Map.of("CLAUDE_CONFIG_DIR", "/x")),
            "profile.environment.CLAUDE_CONFIG_DIR"),
        invalid(profile().environment(Map.of("A-B", "x")), "profile.environment"),
        unsupported(
            profile().mcpServer(new McpServer.Http("m", "http://x", "ws", Map.of())),
            "profile.mcpServers.m.transport"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatWouldBeLostIsRefusedByField(AgentProfile profile, String code, String field) {
    Refusals.assertRefused(new ClaudeArchitecture(), profile, code, field);
  }
}
