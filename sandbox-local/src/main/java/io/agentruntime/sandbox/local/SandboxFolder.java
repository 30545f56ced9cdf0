// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The folder of one sandbox: what its programs see, and beside it what describes the sandbox.
 *
 * <p>It is made under another name and renamed, so that under its own it is always whole; its name
 * is the sandbox's id. A file {@code ended} says that it is being removed.
 */
record SandboxFolder(Path path) {
  private static final String UNFINISHED = ".new-";
  private static final String DESCRIPTION = "sandbox.properties";
  private static final String ENDED = "ended";
  private static final String LABEL = "label.";
  private static final String VARIABLE = "environment.";

  /** What is known of a sandbox. Holds secrets. */
  record Description(String runtimeId, SandboxListing listing, Map<String, String> environment) {
    @Override
    public String toString() {
      return listing.toString();
    }
  }

  /** Makes the folder of a new sandbox. */
  static SandboxFolder create(Path root, String runtimeId, SandboxSpec spec, Instant now)
      throws IOException, InterruptedException {
    // A colon would break variables that list paths.
    String id =
        "%s-%08x".formatted(spec.name().replace(':', '_'), ThreadLocalRandom.current().nextInt());
    SandboxFolder draft = new SandboxFolder(root.resolve(UNFINISHED + id));
    Files.createDirectory(
        draft.path,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      for (Path part : draft.parts()) {
        Files.createDirectory(part);
      }
      Properties text = new Properties();
      text.setProperty("runtime-id", runtimeId);
      text.setProperty("name", spec.name());
      text.setProperty("created-at", now.toString());
      spec.labels().forEach((key, value) -> text.setProperty(LABEL + key, value));
      spec.environment().forEach((key, value) -> text.setProperty(VARIABLE + key, value));
      StringWriter written = new StringWriter();
      text.store(written, null);
      Files.writeString(draft.path.resolve(DESCRIPTION), written.toString());
      SandboxFolder folder = new SandboxFolder(root.resolve(id));
      Files.move(draft.path, folder.path, StandardCopyOption.ATOMIC_MOVE);
      return folder;
    } catch (IOException | RuntimeException e) {
      draft.delete();
      throw e;
    }
  }

  String id() {
    return path.getFileName().toString();
  }

  SandboxPaths paths() {
    return new SandboxPaths(
        workspace().toString(), home().toString(), path.resolve("scratch").toString());
  }

  Path workspace() {
    return path.resolve("workspace");
  }

  Path home() {
    return path.resolve("home");
  }

  Path temporary() {
    return path.resolve("tmp");
  }

  /** Where the spools of processes are; not visible to programs behind bubblewrap. */
  Path spools() {
    return path.resolve("spool");
  }

  /** On the file system of the others, and not visible to programs behind bubblewrap. */
  Path staging() {
    return path.resolve("staging");
  }

  /** The parts that programs may see and change. */
  List<Path> visibleParts() {
    return List.of(workspace(), home(), path.resolve("scratch"), temporary());
  }

  private List<Path> parts() {
    return List.of(workspace(), home(), path.resolve("scratch"), temporary(), spools(), staging());
  }

  /** Ends the processes of the sandbox; returns when none is left. */
  void killProcesses() throws IOException, InterruptedException {
    // Programs often start others with few variables, but hardly without a home directory.
    HostProcesses.killAll(
        List.of(LocalSandbox.MARK + "=" + id(), "HOME=" + home(), "TMPDIR=" + temporary()));
  }

  /** Whether the sandbox lives. */
  boolean isAlive() {
    return Files.exists(path.resolve(DESCRIPTION)) && !isEnded();
  }

  /** Whether its end has begun; it may not be complete when a server died over it. */
  boolean isEnded() {
    return Files.exists(path.resolve(ENDED));
  }

  /** Whether it is not yet a sandbox. */
  boolean isUnfinished() {
    return id().startsWith(UNFINISHED);
  }

  /** Whether it was never finished, and is too old to be finished still. */
  boolean isAbandoned(Instant now) throws IOException {
    return isUnfinished()
        && Files.getLastModifiedTime(path).toInstant().isBefore(now.minusSeconds(600));
  }

  /** Begins the end; false when there is no such sandbox. */
  boolean markEnded() throws IOException {
    if (!Files.exists(path.resolve(DESCRIPTION))) {
      return false;
    }
    try {
      Files.writeString(path.resolve(ENDED), "");
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  void delete() throws InterruptedException {
    FolderRemoval.remove(path);
  }

  /**
   * Reads what is known of the sandbox.
   *
   * @throws NoSuchFileException if it is gone
   */
  Description describe() throws IOException {
    Properties text = new Properties();
    try (Reader reader = Files.newBufferedReader(path.resolve(DESCRIPTION))) {
      text.load(reader);
    } catch (IllegalArgumentException e) {
      throw new IOException("Cannot read " + path.resolve(DESCRIPTION), e);
    }
    String createdAt = required(text, "created-at");
    return new Description(
        required(text, "runtime-id"),
        new SandboxListing(
            id(),
            required(text, "name"),
            withPrefix(text, LABEL),
            Instant.parse(createdAt),
            !isEnded()),
        withPrefix(text, VARIABLE));
  }

  private String required(Properties text, String key) throws IOException {
    String value = text.getProperty(key);
    if (value == null) {
      throw new IOException(path.resolve(DESCRIPTION) + " lacks " + key);
    }
    return value;
  }

  private static Map<String, String> withPrefix(Properties text, String prefix) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String key : text.stringPropertyNames()) {
      if (key.startsWith(prefix)) {
        found.put(key.substring(prefix.length()), text.getProperty(key));
      }
    }
    return found;
  }
}
