// SPDX-License-Identifier: MIT

package io.agentruntime.app.profile;

import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The profiles of a folder, one YAML or JSON file each, and those that come with the server.
 *
 * <p>A file that is new, changed or gone is noticed when profiles are asked for. A file that cannot
 * be read costs its own profile only. A profile of the folder replaces one of the server's with the
 * same id. Thread-safe.
 */
public final class ProfileFolder implements ProfileSource {
  private static final Logger LOG = LoggerFactory.getLogger(ProfileFolder.class);
  private static final int MAX_FILES = 1_000;

  /** A file as it was when it was read last. */
  private record Version(long modified, long size) {}

  /** What a file held: a profile, or why there is none. */
  private record Entry(
      Version version, @Nullable AgentProfile profile, @Nullable AgentRuntimeException error) {}

  private final Path folder;
  private final List<AgentProfile> builtIn;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Path, Entry> entries = new TreeMap<>();

  private ProfileFolder(Path folder, List<AgentProfile> builtIn) {
    this.folder = folder;
    this.builtIn = List.copyOf(builtIn);
  }

  /** The profiles of this folder, which need not exist, and the server's own. */
  public static ProfileFolder of(Path folder) {
    return new ProfileFolder(folder, List.of(ProfileFile.ofServer("default")));
  }

  @Override
  public List<ProfileSummary> list() {
    return profiles().values().stream().map(AgentProfile::summary).toList();
  }

  @Override
  public Optional<AgentProfile> load(String profileId) {
    AgentProfile profile = profiles().get(profileId);
    if (profile == null) {
      refuseIfBroken(profileId);
    }
    return Optional.ofNullable(profile);
  }

  /** Profiles by id; those of the folder come first and win. */
  private Map<String, AgentProfile> profiles() {
    lock.lock();
    try {
      readAgain();
      Map<String, AgentProfile> profiles = new TreeMap<>();
      builtIn.forEach(profile -> profiles.put(profile.id(), profile));
      for (Entry entry : entries.values()) {
        if (entry.profile() != null) {
          profiles.put(entry.profile().id(), entry.profile());
        }
      }
      return profiles;
    } finally {
      lock.unlock();
    }
  }

  /** Who asks for a profile by its file's name is told why it is not there. */
  private void refuseIfBroken(String profileId) {
    lock.lock();
    try {
      for (Map.Entry<Path, Entry> entry : entries.entrySet()) {
        AgentRuntimeException error = entry.getValue().error();
        if (error != null && ProfileFile.baseName(entry.getKey()).equals(profileId)) {
          throw new AgentRuntimeException(error.code(), String.valueOf(error.getMessage()), error);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void readAgain() {
    List<Path> files = files();
    entries.keySet().retainAll(files);
    Map<String, Path> owners = new TreeMap<>();
    for (Path file : files) {
      Entry known = entries.get(file);
      Version version = version(file);
      if (known == null || !known.version().equals(version)) {
        entries.put(file, read(file, version));
      }
      refuseTwins(file, owners);
    }
  }

  private void refuseTwins(Path file, Map<String, Path> owners) {
    Entry entry = entries.get(file);
    if (entry == null || entry.profile() == null) {
      return;
    }
    Path other = owners.putIfAbsent(entry.profile().id(), file);
    if (other != null) {
      AgentRuntimeException error =
          AgentRuntimeException.invalid(
              "id of profile file " + file, "another one than in " + other);
      LOG.warn("{}", error.getMessage());
      entries.put(file, new Entry(entry.version(), null, error));
    }
  }

  private static Entry read(Path file, Version version) {
    try {
      return new Entry(version, ProfileFile.read(file), null);
    } catch (AgentRuntimeException e) {
      LOG.warn("{}", e.getMessage());
      return new Entry(version, null, e);
    }
  }

  private static Version version(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(attributes.lastModifiedTime().toMillis(), attributes.size());
    } catch (IOException e) {
      // Gone meanwhile: reading it will say so.
      return new Version(-1, -1);
    }
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, ProfileFolder::isProfile)) {
      for (Path file : all) {
        if (files.size() == MAX_FILES) {
          throw new AgentRuntimeException(
              StandardError.LIMIT_EXCEEDED,
              "profile folder " + folder + " holds more than " + MAX_FILES + " profiles");
        }
        files.add(file);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException | DirectoryIteratorException e) {
      throw new AgentRuntimeException(
          StandardError.STORE_UNAVAILABLE, "profile folder " + folder + " cannot be read", e);
    }
    files.sort(null);
    return files;
  }

  private static boolean isProfile(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"))
        && Files.isRegularFile(file);
  }
}
