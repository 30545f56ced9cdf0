// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Plugin;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProfileMapsTest {
  private static final ProfileFile SCRIPT = ProfileFile.text("scripts/run.sh", "echo hi\n");

  /** The shape of the older client. */
  private static Map<String, Object> flat() {
    return map(
        "id", "flat",
        "name", "Flat",
        "architecture", "claude-agent-sdk",
        "sandbox", "docker",
        "description", "d",
        "systemPrompt", "You are.",
        "agentMDFile", "# Read me",
        "tools", List.of("Read", "Bash"),
        "skills",
            List.of(
                map(
                    "name",
                    "pdf",
                    "description",
                    "when",
                    "skillMd",
                    "# PDF",
                    "supportingFiles",
                    List.of(map("relativePath", "scripts/run.sh", "content", "echo hi\n")),
                    "npmDependencies",
                    List.of("@scope/a@1"),
                    "pipDependencies",
                    List.of("b>=2,<3"))),
        "subagents",
            List.of(
                map(
                    "name", "explorer",
                    "description", "when",
                    "prompt", "Explore.",
                    "model", "haiku",
                    "tools", List.of("Read"))),
        "commands", List.of(map("name", "fix", "prompt", "Fix $ARGUMENTS")),
        "bundledMCPs",
            List.of(
                map(
                    "name", "echo",
                    "description", "says it again",
                    "localProjectPath", "mcps/echo",
                    "startCommand", "node index.js",
                    "installCommand", "npm ci")),
        "externalMCPs",
            List.of(
                map(
                    "name",
                    "files",
                    "command",
                    "npx",
                    "args",
                    List.of("-y", "srv"),
                    "env",
                    map("ROOT", "/w")),
                map(
                    "name",
                    "web",
                    "type",
                    "http",
                    "url",
                    "https://h/x",
                    "headers",
                    map("Authorization", "Bearer t"))),
        "npmDependencies", List.of("typescript"),
        "pipDependencies", List.of("requests"),
        "environmentVariables", map("TOKEN", "t"),
        "defaultWorkspaceFiles", List.of(map("path", "src/a.txt", "content", "A")));
  }

  /** The shape with custom entities. */
  private static Map<String, Object> entities() {
    return map(
        "id", "entities",
        "name", "Entities",
        "customEntities",
            map(
                "rules",
                    List.of(
                        map("name", "CLAUDE", "content", "main", "metadata", map("isMain", true)),
                        map(
                            "name",
                            "style",
                            "content",
                            "style",
                            "metadata",
                            map("paths", "src/**/*.{ts,tsx}, lib/**", "color", "red"))),
                "skills",
                    List.of(
                        map(
                            "name",
                            "pdf",
                            "content",
                            "# PDF",
                            "metadata",
                            map(
                                "name",
                                "pdf",
                                "description",
                                "when",
                                "version",
                                "1",
                                "allowedTools",
                                List.of("Read"),
                                "npmDependencies",
                                List.of("x")),
                            "files",
                            List.of("SKILL.md", "scripts/run.sh"),
                            "fileContents",
                            map("scripts/run.sh", "echo hi\n"))),
                "subagents",
                    List.of(
                        map(
                            "name",
                            "explorer",
                            "content",
                            "Explore.",
                            "metadata",
                            map(
                                "description",
                                "when",
                                "model",
                                "haiku",
                                "tools",
                                List.of(),
                                "color",
                                "blue")),
                        map("name", "plain", "content", "Plain.", "metadata", map())),
                "commands",
                    List.of(
                        map(
                            "name",
                            "fix",
                            "content",
                            "Fix.",
                            "metadata",
                            map(
                                "description",
                                "d",
                                "agent",
                                "explorer",
                                "model",
                                "opus",
                                "allowedTools",
                                List.of("Edit"))))),
        "plugins",
            List.of(
                map(
                    "pluginName",
                    "p",
                    "marketplace",
                    map("type", "github", "name", "m", "repo", "o/r"))),
        "bundledMCPs",
            List.of(
                map(
                    "name",
                    "echo",
                    "description",
                    "d",
                    "files",
                    List.of(map("path", "scripts/run.sh", "content", "echo hi\n")),
                    "startCommand",
                    "node .",
                    "installCommand",
                    "npm ci")),
        "externalMCPs", List.of(map("name", "web", "type", "sse", "url", "http://localhost:1/sse")),
        "hooks", map("PreToolUse", List.of(map("matcher", "Bash"))),
        "permissions", "ask",
        "defaultOptions", map("model", "x"));
  }

  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  @Test
  void theFlatShapeIsReadCompletely() {
    AgentProfile profile =
        ProfileMaps.read(
            flat(),
            path -> {
              assertThat(path).isEqualTo("mcps/echo");
              return List.of(SCRIPT);
            });
    assertThat(profile)
        .isEqualTo(
            new AgentProfile(
                "flat",
                "Flat",
                "d",
                "You are.",
                List.of(new Rule("main", "# Read me", List.of(), true, Map.of())),
                List.of("Read", "Bash"),
                List.of(
                    new Skill(
                        "pdf",
                        "when",
                        "# PDF",
                        List.of(SCRIPT),
                        List.of("@scope/a@1"),
                        List.of("b>=2,<3"),
                        Map.of())),
                List.of(
                    new SubagentDefinition(
                        "explorer", "when", "Explore.", "haiku", List.of("Read"), Map.of())),
                List.of(new CommandDefinition("fix", null, "Fix $ARGUMENTS", Map.of())),
                List.of(
                    new McpServer.Stdio("files", "npx", List.of("-y", "srv"), Map.of("ROOT", "/w")),
                    new McpServer.Http(
                        "web", "https://h/x", "http", Map.of("Authorization", "Bearer t")),
                    new McpServer.Bundled(
                        "echo",
                        "says it again",
                        List.of(SCRIPT),
                        "npm ci",
                        "node index.js",
                        Map.of())),
                List.of("typescript"),
                List.of("requests"),
                Map.of("TOKEN", "t"),
                List.of(ProfileFile.text("src/a.txt", "A")),
                List.of(),
                Map.of(),
                PermissionPolicy.BYPASS,
                Map.of(),
                "claude-agent-sdk",
                "docker"));
  }

  @Test
  void theShapeWithCustomEntitiesIsReadCompletelyAndFrontMatterIsKept() {
    AgentProfile profile = ProfileMaps.read(entities());
    assertThat(profile)
        .isEqualTo(
            new AgentProfile(
                "entities",
                "Entities",
                null,
                null,
                List.of(
                    new Rule("CLAUDE", "main", List.of(), true, Map.of()),
                    new Rule(
                        "style",
                        "style",
                        List.of("src/**/*.{ts,tsx}", "lib/**"),
                        false,
                        Map.of("color", "red"))),
                null,
                List.of(
                    new Skill(
                        "pdf",
                        "when",
                        "# PDF",
                        List.of(SCRIPT),
                        List.of("x"),
                        List.of(),
                        Map.of("version", "1", "allowed-tools", List.of("Read")))),
                List.of(
                    new SubagentDefinition(
                        "explorer",
                        "when",
                        "Explore.",
                        "haiku",
                        List.of(),
                        Map.of("color", "blue")),
                    new SubagentDefinition("plain", "plain", "Plain.", null, null, Map.of())),
                List.of(
                    new CommandDefinition(
                        "fix",
                        "d",
                        "Fix.",
                        Map.of(
                            "agent",
                            "explorer",
                            "model",
                            "opus",
                            "allowed-tools",
                            List.of("Edit")))),
                List.of(
                    new McpServer.Http("web", "http://localhost:1/sse", "sse", Map.of()),
                    new McpServer.Bundled(
                        "echo", "d", List.of(SCRIPT), "npm ci", "node .", Map.of())),
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                List.of(new Plugin("p", map("type", "github", "name", "m", "repo", "o/r"))),
                Map.of("PreToolUse", List.of(map("matcher", "Bash"))),
                PermissionPolicy.ASK,
                Map.of("model", "x"),
                null,
                null));
  }

  @Test
  void theCanonicalShapeComesBackTheSame() {
    for (AgentProfile profile :
        List.of(
            ProfileMaps.read(flat(), path -> List.of(SCRIPT)),
            ProfileMaps.read(entities()),
            AgentProfile.named("bare", "Bare"))) {
      Map<String, Object> written = ProfileMaps.write(profile);
      assertThat(ProfileMaps.read(written)).isEqualTo(profile);
      assertThat(ProfileMaps.write(ProfileMaps.read(written))).isEqualTo(written);
    }
    assertThat(ProfileMaps.write(AgentProfile.named("bare", "Bare")))
        .isEqualTo(Map.of("id", "bare", "name", "Bare"));
  }

  @Test
  void noToolsAndAllToolsAreNotTheSameAndAnEmptyValueIsNeither() {
    assertThat(ProfileMaps.read(map("id", "a", "name", "A", "tools", List.of())).tools()).isEmpty();
    assertThat(ProfileMaps.read(map("id", "a", "name", "A")).tools()).isNull();
    Map<String, Object> undecided = map("id", "a", "name", "A");
    undecided.put("tools", null);
    assertRefused(undecided, "tools", "[] for no tools");
    AgentProfile none = ProfileMaps.read(map("id", "a", "name", "A", "tools", List.of()));
    assertThat(ProfileMaps.read(ProfileMaps.write(none)).tools()).isEmpty();
  }

  @Test
  void aStdioServerNeedsNoType() {
    Map<String, Object> profile =
        map("id", "a", "name", "A", "externalMCPs", List.of(map("name", "x", "command", "node")));
    assertThat(ProfileMaps.read(profile).mcpServers())
        .containsExactly(new McpServer.Stdio("x", "node", List.of(), Map.of()));
  }

  @Test
  void anUnknownFieldIsRefusedByItsPath() {
    assertRefused(with(flat(), "sistemPrompt", "x"), "sistemPrompt", "unknown field");
    assertRefused(
        with(flat(), "skills", List.of(map("name", "a", "skillMd", "x", "fils", List.of()))),
        "skills[0].fils",
        "unknown field");
    assertRefused(
        with(entities(), "customEntities", map("hooks", List.of())),
        "customEntities.hooks",
        "unknown field");
    assertRefused(
        with(flat(), "externalMCPs", List.of(map("name", "a", "command", "x", "url", "https://h"))),
        "externalMCPs[0].",
        "");
  }

  @Test
  void aWrongTypeIsRefusedByItsPath() {
    assertRefused(with(flat(), "name", 7), "name", "a text");
    assertRefused(with(flat(), "tools", "Read"), "tools", "a list");
    assertRefused(with(flat(), "tools", List.of("Read", 1)), "tools[1]", "a text");
    assertRefused(with(flat(), "skills", List.of("pdf")), "skills[0]", "an object");
    assertRefused(
        with(flat(), "environmentVariables", map("PORT", 3000)),
        "environmentVariables.PORT",
        "a text");
    assertRefused(with(entities(), "permissions", "maybe"), "permissions", "bypass, ask, deny");
    assertRefused(with(entities(), "hooks", map("Stop", "x")), "hooks.Stop", "a list");
    assertRefused(
        with(
            flat(),
            "defaultWorkspaceFiles",
            List.of(map("path", "a", "content", "?", "base64", true))),
        "defaultWorkspaceFiles[0].content",
        "base64");
    assertRefused(
        with(flat(), "externalMCPs", List.of(map("name", "a", "url", "file:///etc/passwd"))),
        "externalMCPs[0].url",
        "http or https");
  }

  @Test
  void aMissingFieldIsNamed() {
    assertRefused(without(flat(), "id"), "id", "missing");
    assertRefused(without(flat(), "name"), "name", "missing");
    assertRefused(
        with(flat(), "commands", List.of(map("name", "x"))), "commands[0].prompt", "missing");
    assertRefused(
        with(flat(), "bundledMCPs", List.of(map("name", "x"))),
        "bundledMCPs[0].startCommand",
        "missing");
  }

  @Test
  void pathsThatLeaveTheirFolderAreRefused() {
    for (String path :
        List.of("../evil", "/etc/passwd", "a/../../b", "", "a//b", "./a", "a/..", "a\0b")) {
      assertRefused(
          with(flat(), "defaultWorkspaceFiles", List.of(map("path", path, "content", ""))),
          "defaultWorkspaceFiles[0].path",
          "relative path");
      assertRefused(
          with(
              flat(),
              "skills",
              List.of(
                  map(
                      "name",
                      "a",
                      "skillMd",
                      "",
                      "supportingFiles",
                      List.of(map("relativePath", path, "content", ""))))),
          "skills[0].supportingFiles[0].relativePath",
          "relative path");
      assertRefused(
          with(
              entities(),
              "customEntities",
              map(
                  "skills",
                  List.of(map("name", "a", "content", "", "fileContents", map(path, ""))))),
          "customEntities.skills[0].fileContents." + path,
          "relative path");
      assertRefused(
          with(
              entities(),
              "bundledMCPs",
              List.of(
                  map(
                      "name",
                      "a",
                      "startCommand",
                      "x",
                      "files",
                      List.of(map("path", path, "content", ""))))),
          "bundledMCPs[0].files[0].path",
          "relative path");
    }
  }

  @Test
  void namesThatAreNoFileNamesAreRefused() {
    for (String name : List.of("../x", "a/b", "", ".", "..", ".hidden", "-rf", "a b", "a\nb")) {
      for (String kind : List.of("rules", "skills", "subagents", "commands")) {
        assertRefused(
            with(flat(), kind, List.of(map("name", name, "content", "", "prompt", ""))),
            kind + "[0].name",
            "letters");
      }
      assertRefused(
          with(flat(), "externalMCPs", List.of(map("name", name, "command", "x"))),
          "externalMCPs[0].name",
          "letters");
      assertRefused(
          with(
              entities(),
              "plugins",
              List.of(map("pluginName", name, "marketplace", map("type", "github")))),
          "plugins[0].pluginName",
          "letters");
      assertRefused(
          with(
              entities(),
              "plugins",
              List.of(map("pluginName", "a", "marketplace", map("type", "local", "name", name)))),
          "plugins[0].marketplace.name",
          "letters");
    }
  }

  @Test
  void twoOfOneNameAreRefused() {
    Map<String, Object> both =
        with(flat(), "customEntities", map("skills", List.of(map("name", "pdf", "content", ""))));
    assertRefused(both, "customEntities.skills[0].name", "'pdf' again");
    assertRefused(
        with(entities(), "externalMCPs", List.of(map("name", "echo", "command", "x"))),
        "bundledMCPs[0].name",
        "'echo' again");
  }

  @Test
  void dependenciesThatAreOptionsAndVariablesThatAreNoNamesAreRefused() {
    assertRefused(
        with(flat(), "npmDependencies", List.of("ok", "--registry=http://evil")),
        "npmDependencies[1]",
        "not an option");
    assertRefused(with(flat(), "pipDependencies", List.of("a\nb")), "pipDependencies[0]", "");
    assertRefused(
        with(flat(), "environmentVariables", map("A B", "x")), "environmentVariables.A B", "");
  }

  @Test
  void aFileThatIsListedWithoutItsContentIsRefused() {
    assertRefused(
        with(
            entities(),
            "customEntities",
            map(
                "skills",
                List.of(map("name", "a", "content", "", "files", List.of("SKILL.md", "x"))))),
        "customEntities.skills[0].files[1]",
        "fileContents");
  }

  @Test
  void aFolderIsRefusedUnlessTheServerReadsFolders() {
    assertThatThrownBy(() -> ProfileMaps.read(flat()))
        .hasMessageStartingWith("bundledMCPs[0].localProjectPath: expected files");
  }

  @Test
  void noMessageShowsASecret() {
    Map<String, Object> secret =
        with(flat(), "environmentVariables", map("KEY WITH SPACE", "s3cr3t"));
    assertThat(refusal(secret).getMessage()).doesNotContain("s3cr3t");
    Map<String, Object> url =
        with(flat(), "externalMCPs", List.of(map("name", "a", "url", "https://u:s3cr3t@ bad")));
    AgentRuntimeException refused = refusal(url);
    assertThat(refused.getMessage()).doesNotContain("s3cr3t");
    assertThat(refused.getCause() == null ? "" : String.valueOf(refused.getCause()))
        .doesNotContain("s3cr3t");
    assertThat(ProfileMaps.read(flat(), path -> List.of()).toString()).doesNotContain("Bearer");
  }

  private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(map);
    changed.put(key, value);
    return changed;
  }

  private static Map<String, Object> without(Map<String, Object> map, String key) {
    Map<String, Object> changed = new LinkedHashMap<>(map);
    changed.remove(key);
    return changed;
  }

  private static AgentRuntimeException refusal(Map<String, Object> profile) {
    AgentRuntimeException refusal =
        catchThrowableOfType(
            AgentRuntimeException.class, () -> ProfileMaps.read(profile, path -> List.of()));
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isEqualTo(StandardError.INVALID_ARGUMENT);
    return refusal;
  }

  private static void assertRefused(Map<String, Object> profile, String path, String why) {
    assertThat(refusal(profile)).hasMessageStartingWith(path).hasMessageContaining(why);
  }
}
