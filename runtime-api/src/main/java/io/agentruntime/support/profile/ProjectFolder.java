// SPDX-License-Identifier: MIT

package io.agentruntime.support.profile;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.support.json.ProjectFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the projects that profiles name by their folder, below one root and nowhere else.
 *
 * <p>{@code node_modules} and {@code .git} are left out; a project with symbolic links or over the
 * limits is refused. Immutable; safe from any thread.
 */
public final class ProjectFolder implements ProjectFiles {
  private static final Set<String> LEFT_OUT = Set.of("node_modules", ".git");

  private final Path root;
  private final int maxFiles;
  private final long maxBytes;

  /**
   * Reads below a root, at most 2,000 files and 20 MiB for each project.
   *
   * @param root the folder that relative paths begin from
   */
  public ProjectFolder(Path root) {
    this(root, 2_000, 20L << 20);
  }

  /**
   * Reads below a root.
   *
   * @param root the folder that relative paths begin from
   * @param maxFiles how many files one project may have
   * @param maxBytes how many bytes they may have together
   */
  public ProjectFolder(Path root, int maxFiles, long maxBytes) {
    this.root = root.toAbsolutePath().normalize();
    this.maxFiles = maxFiles;
    this.maxBytes = maxBytes;
  }

  @Override
  public List<ProfileFile> read(String path) {
    try {
      Path realRoot = root.toRealPath();
      Path folder = realRoot.resolve(path).toRealPath();
      if (!folder.startsWith(realRoot) || !Files.isDirectory(folder)) {
        throw outside();
      }
      Collector collector = new Collector(folder);
      Files.walkFileTree(folder, collector);
      collector.files.sort((a, b) -> a.path().compareTo(b.path()));
      return List.copyOf(collector.files);
    } catch (InvalidPathException e) {
      throw outside();
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.INVALID_ARGUMENT,
          "expected a folder that can be read, below the folder of the profiles ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  private static AgentRuntimeException outside() {
    return new AgentRuntimeException(
        StandardError.INVALID_ARGUMENT, "expected a folder below the folder of the profiles");
  }

  /** Collects the files of one project. */
  private final class Collector extends SimpleFileVisitor<Path> {
    private final Path folder;
    private final List<ProfileFile> files = new ArrayList<>();
    private long bytes;

    Collector(Path folder) {
      this.folder = folder;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      Path name = directory.getFileName();
      return !directory.equals(folder) && name != null && LEFT_OUT.contains(name.toString())
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (attributes.isSymbolicLink()) {
        throw new IOException("the project has a symbolic link: " + folder.relativize(file));
      }
      if (attributes.isRegularFile()) {
        bytes += attributes.size();
        if (files.size() == maxFiles || bytes > maxBytes) {
          throw new IOException(
              "the project has more than " + maxFiles + " files or " + maxBytes + " bytes");
        }
        files.add(read(file));
      }
      return FileVisitResult.CONTINUE;
    }

    private ProfileFile read(Path file) throws IOException {
      byte[] content = Files.readAllBytes(file);
      String text = text(content);
      return new ProfileFile(
          new WorkspacePath(folder.relativize(file).toString().replace('\\', '/')),
          text == null ? Base64.getEncoder().encodeToString(content) : text,
          text == null,
          Files.isExecutable(file));
    }

    private @Nullable String text(byte[] content) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      } catch (CharacterCodingException e) {
        return null;
      }
    }
  }
}
