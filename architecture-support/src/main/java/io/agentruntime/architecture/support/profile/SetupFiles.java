// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.profile;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.spi.sandbox.FileUpload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** The files that a set-up puts into a sandbox, in order. Confined to it. */
public final class SetupFiles {
  private static final int PRIVATE = 0600;
  private static final int READABLE = 0644;
  private static final int EXECUTABLE = 0755;

  private final List<FileUpload> files = new ArrayList<>();

  /** A text that may hold secrets, or is nobody else's business. */
  public void secret(String path, String text) {
    files.add(FileUpload.text(path, PRIVATE, text));
  }

  /** A text that anybody in the sandbox may read. */
  public void text(String path, String text) {
    files.add(FileUpload.text(path, READABLE, text));
  }

  /** Each skill as a folder with its SKILL.md. */
  public void skills(String folder, List<Skill> skills) {
    for (Skill skill : skills) {
      Map<String, Object> head = new LinkedHashMap<>();
      head.put("name", skill.name());
      head.put("description", skill.description());
      head.putAll(skill.frontMatter());
      String own = folder + "/" + skill.name();
      text(own + "/SKILL.md", FrontMatter.prepend(head, skill.content()));
      skill.files().forEach(file -> bundled(own, file));
    }
  }

  /**
   * The files of the servers that the profile brings along.
   *
   * @param folder where those of the server of a name are to lie
   */
  public void mcpServers(AgentProfile profile, UnaryOperator<String> folder) {
    for (McpServer.Bundled server : McpServers.bundled(profile)) {
      server.files().forEach(file -> bundled(folder.apply(server.name()), file));
    }
  }

  private void bundled(String folder, ProfileFile file) {
    files.add(
        FileUpload.regular(
            folder + "/" + file.path(),
            file.executable() ? EXECUTABLE : READABLE,
            Content.of(file.bytes())));
  }

  /** What was added so far. */
  public List<FileUpload> all() {
    return files;
  }

  /** The text of a file that lies beside a class in its jar. */
  public static String resource(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("The jar has no readable " + name, e);
    }
  }
}
