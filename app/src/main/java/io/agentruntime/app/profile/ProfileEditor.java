// SPDX-License-Identifier: MIT

package io.agentruntime.app.profile;

import io.agentruntime.app.error.HttpError;
import io.agentruntime.app.error.ValidationException;
import io.agentruntime.app.error.ValidationIssue;
import io.agentruntime.app.json.Json;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.spi.persistence.SessionQuery;
import io.agentruntime.support.json.ProfileMaps;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Shows profiles and changes those of the store. Thread-safe.
 *
 * <p>Changes come one after the other, so that of two that know the same version one fails; that
 * holds within this server.
 */
@Singleton
public final class ProfileEditor {
  private static final int MAX_BYTES = 8 << 20;
  private static final int MAX_PROFILES = 1_000;
  private static final int VERSION_BYTES = 16;
  private static final Pattern SEGMENT = Pattern.compile("[^.\\[\\]]+|\\[(\\d+)\\]");

  /**
   * A profile that can be shown.
   *
   * @param id its id
   * @param readOnly whether it comes with the server or from its folder
   * @param version changes with every change
   * @param profile its canonical form, without the values that are secret
   */
  public record Shown(String id, boolean readOnly, String version, Map<String, Object> profile) {}

  /**
   * A profile in a list.
   *
   * @param id its id
   * @param name for people
   * @param description for people, if given
   * @param readOnly whether it comes with the server or from its folder
   */
  public record Listed(String id, String name, @Nullable String description, boolean readOnly) {}

  /** What has to be so for a change to happen. */
  public sealed interface Expected {
    /** Nothing. */
    record Anything() implements Expected {}

    /** There is no such profile. */
    record Absent() implements Expected {}

    /**
     * It is in this version.
     *
     * @param version as it was shown
     */
    record Version(String version) implements Expected {}
  }

  private final AgentRuntime runtime;
  private final ReentrantLock changes = new ReentrantLock();

  /** Profiles of this runtime. */
  public ProfileEditor(AgentRuntime runtime) {
    this.runtime = runtime;
  }

  /** All profiles. */
  public List<Listed> list() throws InterruptedException {
    Set<String> stored = new HashSet<>();
    runtime.storedProfiles().list().forEach(profile -> stored.add(profile.id()));
    List<Listed> all = new ArrayList<>();
    for (ProfileSummary each : runtime.profiles()) {
      all.add(new Listed(each.id(), each.name(), each.description(), !stored.contains(each.id())));
    }
    return all;
  }

  /**
   * A profile.
   *
   * @throws AgentRuntimeException {@code PROFILE_NOT_FOUND}; {@code INVALID_ARGUMENT} when it lies
   *     in the folder and cannot be read
   */
  public Shown get(String id) throws InterruptedException {
    Optional<AgentProfile> stored = runtime.storedProfiles().load(id);
    if (stored.isPresent()) {
      return show(stored.get(), false);
    }
    return show(runtime.profile(id).orElseThrow(() -> notFound(id)), true);
  }

  /**
   * Stores a profile.
   *
   * @param fields as a client sent them, in any of the shapes that files may have
   * @throws ValidationException naming the field that is wrong
   * @throws AgentRuntimeException {@code PROFILE_EXISTS}, {@code PROFILE_READ_ONLY}, {@code
   *     PROFILE_CHANGED}, {@code PROFILE_NOT_FOUND}, {@code LIMIT_EXCEEDED}, {@code UNSUPPORTED}
   */
  public Shown save(Map<String, Object> fields, Expected expected) throws InterruptedException {
    AgentProfile sent = read(fields);
    changes.lockInterruptibly();
    try {
      Optional<AgentProfile> stored = runtime.storedProfiles().load(sent.id());
      check(sent.id(), stored, expected);
      if (stored.isEmpty() && runtime.storedProfiles().list().size() >= MAX_PROFILES) {
        throw new AgentRuntimeException(
            StandardError.LIMIT_EXCEEDED, "there are " + MAX_PROFILES + " stored profiles already");
      }
      List<List<Object>> unknown = new ArrayList<>();
      AgentProfile profile = ProfileSecrets.restore(sent, stored, unknown);
      if (!unknown.isEmpty()) {
        throw new ValidationException(
            unknown.stream()
                .map(place -> issue(place, "Expected a value: there is no earlier one to keep"))
                .toList());
      }
      runtime.storedProfiles().save(profile);
      return show(profile, false);
    } finally {
      changes.unlock();
    }
  }

  /**
   * Removes a profile.
   *
   * @throws AgentRuntimeException {@code PROFILE_NOT_FOUND}, {@code PROFILE_READ_ONLY}, {@code
   *     PROFILE_CHANGED}, {@code PROFILE_IN_USE}, {@code UNSUPPORTED}
   */
  public void delete(String id, Expected expected) throws InterruptedException {
    changes.lockInterruptibly();
    try {
      Optional<AgentProfile> stored = runtime.storedProfiles().load(id);
      check(id, stored, expected);
      if (stored.isEmpty()) {
        throw notFound(id);
      }
      if (!runtime
          .sessions()
          .list(new SessionQuery(null, id, null, 1, null))
          .sessions()
          .isEmpty()) {
        throw new AgentRuntimeException(
            HttpError.PROFILE_IN_USE,
            "sessions use the agent profile '" + id + "': remove them with their data first");
      }
      runtime.storedProfiles().delete(id);
    } finally {
      changes.unlock();
    }
  }

  private void check(String id, Optional<AgentProfile> stored, Expected expected)
      throws InterruptedException {
    if (stored.isEmpty() && isGiven(id)) {
      throw new AgentRuntimeException(
          HttpError.PROFILE_READ_ONLY,
          "the agent profile '"
              + id
              + "' comes with the server or lies in its folder, and is changed there");
    }
    switch (expected) {
      case Expected.Anything anything -> {}
      case Expected.Absent absent -> {
        if (stored.isPresent()) {
          throw new AgentRuntimeException(
              HttpError.PROFILE_EXISTS, "there is an agent profile '" + id + "' already");
        }
      }
      case Expected.Version(String version) -> {
        AgentProfile present = stored.orElseThrow(() -> notFound(id));
        if (!version(present).equals(version)) {
          throw new AgentRuntimeException(
              HttpError.PROFILE_CHANGED,
              "the agent profile '" + id + "' was changed meanwhile: load it again");
        }
      }
    }
  }

  private boolean isGiven(String id) throws InterruptedException {
    return runtime.profiles().stream().anyMatch(profile -> profile.id().equals(id));
  }

  private static AgentProfile read(Map<String, Object> fields) {
    if (Json.bytes(fields).length > MAX_BYTES) {
      throw new AgentRuntimeException(
          StandardError.LIMIT_EXCEEDED, "a profile may have " + MAX_BYTES + " bytes at most");
    }
    try {
      return ProfileMaps.read(fields);
    } catch (AgentRuntimeException e) {
      String message = String.valueOf(e.getMessage());
      int colon = message.indexOf(": ");
      throw new ValidationException(
          List.of(
              issue(
                  path(colon < 0 ? "" : message.substring(0, colon)),
                  message.substring(colon < 0 ? 0 : colon + 2))));
    }
  }

  private static List<Object> path(String text) {
    List<Object> path = new ArrayList<>();
    for (Matcher segment = SEGMENT.matcher(text); segment.find(); ) {
      path.add(
          segment.group(1) == null ? segment.group() : (Object) Integer.valueOf(segment.group(1)));
    }
    return path;
  }

  private static ValidationIssue issue(List<Object> path, String message) {
    return new ValidationIssue("custom", path, message, null, null, null);
  }

  private static Shown show(AgentProfile profile, boolean readOnly) {
    return new Shown(
        profile.id(), readOnly, version(profile), ProfileMaps.write(ProfileSecrets.hide(profile)));
  }

  private static String version(AgentProfile profile) {
    byte[] hash = ContentHash.digest().digest(Json.bytes(ProfileMaps.write(profile)));
    return HexFormat.of().formatHex(hash, 0, VERSION_BYTES);
  }

  private static AgentRuntimeException notFound(String id) {
    return new AgentRuntimeException(
        HttpError.PROFILE_NOT_FOUND, "there is no agent profile '" + id + "'");
  }
}
