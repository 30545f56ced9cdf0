// SPDX-License-Identifier: MIT

package io.agentruntime.app.security;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The file that holds the API key, readable by its owner alone.
 *
 * <p>Safe when two servers start at once: one of them makes the file, whole, and both use it.
 */
public final class ApiKeyFile {
  private static final int KEY_BYTES = 32;
  private static final int MAX_FILE_BYTES = 4096;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  /**
   * A key and how it came about.
   *
   * @param key the key
   * @param created whether it was made just now
   * @param othersMayRead whether the file lets others read it
   */
  public record Loaded(Secret key, boolean created, boolean othersMayRead) {}

  private ApiKeyFile() {}

  /**
   * Reads the file, or makes a key and the file when there is none.
   *
   * @throws AgentRuntimeException {@code CONFIGURATION}, naming the file
   */
  public static Loaded loadOrCreate(Path file) {
    try {
      return load(file, false);
    } catch (NoSuchFileException missing) {
      return create(file);
    } catch (IOException e) {
      throw unusable(file, "cannot be read", e);
    }
  }

  private static Loaded load(Path file, boolean created) throws IOException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw unusable(file, "is too large for a key", null);
    }
    String key = Files.readString(file).strip();
    if (key.isEmpty() || key.lines().count() != 1) {
      throw unusable(file, "does not hold one key; remove it to have one made", null);
    }
    Set<PosixFilePermission> granted =
        isPosix(file) ? Files.getPosixFilePermissions(file) : OWNER_ONLY;
    return new Loaded(Secret.of(key), created, !OWNER_ONLY.containsAll(granted));
  }

  private static Loaded create(Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Path draft = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
      try {
        write(draft, newKey());
        publish(draft, file);
      } finally {
        Files.deleteIfExists(draft);
      }
      return load(file, true);
    } catch (FileAlreadyExistsException other) {
      return loadOrCreate(file);
    } catch (IOException e) {
      throw unusable(file, "cannot be made", e);
    }
  }

  private static void write(Path draft, String key) throws IOException {
    FileAttribute<?>[] attributes =
        isPosix(draft.toAbsolutePath().getRoot())
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    try (FileChannel channel =
        FileChannel.open(
            draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer bytes = ByteBuffer.wrap((key + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** Gives the whole file its name at once, and fails if there is one of that name. */
  private static void publish(Path draft, Path file) throws IOException {
    try {
      Files.createLink(file, draft);
    } catch (UnsupportedOperationException e) {
      Files.move(draft, file);
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static String newKey() {
    byte[] random = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  private static AgentRuntimeException unusable(
      Path file, String why, @Nullable IOException cause) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION, "API key file " + file + " " + why, cause);
  }
}
