// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.architecture.SetupCommand;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SetupFilesTest {
  private final SetupFiles files = new SetupFiles();

  private static String text(FileUpload file) {
    try {
      return new String(Objects.requireNonNull(file.content()).readAll(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aSkillIsAFolderWithItsContentAndItsFiles() {
    ProfileFile program = new ProfileFile(new WorkspacePath("bin/run"), "IyE=", true, true);
    files.skills(
        "/home/skills",
        List.of(
            new Skill(
                "greet",
                "says \"hello\"",
                "Say hello.",
                List.of(ProfileFile.text("names.txt", "Ann"), program),
                List.of(),
                List.of(),
                Map.of("license", "MIT"))));

    assertThat(files.all())
        .extracting(FileUpload::path, FileUpload::mode, SetupFilesTest::text)
        .containsExactly(
            tuple(
                "/home/skills/greet/SKILL.md",
                0644,
                """
                ---
                name: "greet"
                description: "says \\"hello\\""
                license: "MIT"
                ---
                Say hello.
                """),
            tuple("/home/skills/greet/names.txt", 0644, "Ann"),
            tuple("/home/skills/greet/bin/run", 0755, "#!"));
  }

  @Test
  void theFilesOfAServerLieInItsFolderWhereItIsInstalled() {
    AgentProfile profile =
        new ProfileBuilder()
            .mcpServer(
                new McpServer.Bundled(
                    "sample",
                    null,
                    List.of(ProfileFile.text("a.js", "1")),
                    "npm install",
                    "node a.js",
                    Map.of()))
            .mcpServer(new McpServer.Stdio("other", "other", List.of(), Map.of()))
            .build();

    files.mcpServers(profile, server -> "/servers/" + server);

    assertThat(files.all()).extracting(FileUpload::path).containsExactly("/servers/sample/a.js");
    assertThat(McpServers.install(profile, server -> "/servers/" + server))
        .singleElement()
        .returns(List.of("sh", "-c", "npm install"), SetupCommand::command)
        .returns("/servers/sample", SetupCommand::workingDirectory);
  }

  @Test
  void onlySecretsAreHiddenFromOthersInTheSandbox() {
    files.secret("/home/settings", "a key");
    files.text("/home/rules", "a rule");

    assertThat(files.all()).extracting(FileUpload::mode).containsExactly(0600, 0644);
  }

  @Test
  void aFileThatTheJarLacksIsNamed() {
    assertThatThrownBy(() -> SetupFiles.resource(SetupFilesTest.class, "nothing.js"))
        .hasMessageContaining("nothing.js");
  }
}
