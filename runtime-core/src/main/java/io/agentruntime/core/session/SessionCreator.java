// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.CreateSession;
import io.agentruntime.core.provider.Providers;
import io.agentruntime.core.sandbox.SandboxSelection;
import io.agentruntime.core.store.SessionStorage;
import io.agentruntime.core.store.SessionStore;
import io.agentruntime.core.turn.ContentDigest;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceCapability;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks wishes for sessions and stores new ones. Thread-safe. */
final class SessionCreator {
  private static final Logger log = LoggerFactory.getLogger(SessionCreator.class);

  /** Key of the metadata entry that keeps the hash of an idempotent request. */
  static final String REQUEST_HASH = "io.agentruntime.request";

  private final Providers providers;
  private final SessionStore store;
  private final SandboxSelection selection;
  private final @Nullable String defaultArchitecture;
  private final InstantSource clock;
  private final RandomGenerator random = new SecureRandom();

  /** Two requests under one key, or for one id, come one after the other. */
  private final ReentrantLock[] creating =
      Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);

  SessionCreator(
      Providers providers,
      SessionStore store,
      SandboxSelection selection,
      @Nullable String defaultArchitecture,
      InstantSource clock) {
    this.providers = providers;
    this.store = store;
    this.selection = selection;
    this.defaultArchitecture = defaultArchitecture;
    this.clock = clock;
  }

  /** Stores a new session; the same idempotency key with the same wish gives the same session. */
  SessionId create(CreateSession request) throws InterruptedException {
    if (request.architecture() != null) {
      providers.architecture(request.architecture());
    }
    AgentProfile profile =
        store
            .profile(request.profileId())
            .orElseThrow(
                () ->
                    new AgentRuntimeException(
                        StandardError.UNKNOWN_PROFILE,
                        "Unknown agent profile '" + request.profileId() + "'"));
    String architectureName = architectureName(request, profile);
    AgentArchitecture architecture = providers.architecture(architectureName);
    String wished =
        request.sandboxProvider() == null ? profile.sandbox() : request.sandboxProvider();
    if (wished != null) {
      selection.require(wished);
    }
    Map<String, Object> options = new LinkedHashMap<>(profile.defaultOptions());
    options.putAll(request.options());
    architecture.validate(profile, options);

    Map<String, Object> metadata = new LinkedHashMap<>(request.metadata());
    SessionId id = id(request, architecture);
    String key = request.idempotencyKey();
    if (key != null) {
      metadata.put(REQUEST_HASH, hash(request));
    }
    SessionRecord record =
        new SessionRecord(
            id,
            architectureName,
            request.profileId(),
            request.options(),
            clock.instant(),
            null,
            request.name(),
            metadata,
            wished);
    Map<WorkspacePath, ProfileFile> files = files(profile, request);
    ReentrantLock lock = creating[Math.floorMod(id.hashCode(), creating.length)];
    lock.lockInterruptibly();
    try {
      return store(record, architecture, files, key != null);
    } finally {
      lock.unlock();
    }
  }

  /** The session's word counts before the profile's, and that before the runtime's. */
  private String architectureName(CreateSession request, AgentProfile profile) {
    return Stream.of(request.architecture(), profile.architecture(), defaultArchitecture)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(
            () ->
                new AgentRuntimeException(
                    StandardError.MISSING_ARCHITECTURE,
                    "neither the session nor its profile '"
                        + profile.id()
                        + "' nor the setting 'architecture' names one; known: "
                        + String.join(", ", providers.architectureNames())));
  }

  private SessionId store(
      SessionRecord record,
      AgentArchitecture architecture,
      Map<WorkspacePath, ProfileFile> files,
      boolean repeatable)
      throws InterruptedException {
    SessionId id = record.id();
    try {
      store.adapter().createSessionRecord(record);
    } catch (AgentRuntimeException e) {
      if (repeatable && e.code() == StandardError.SESSION_EXISTS) {
        return sameAsBefore(record, architecture, files);
      }
      throw e;
    }
    try {
      storeFiles(id, architecture, files);
    } catch (AgentRuntimeException | InterruptedException e) {
      withdraw(id, e);
      throw e;
    }
    return id;
  }

  private SessionId sameAsBefore(
      SessionRecord record, AgentArchitecture architecture, Map<WorkspacePath, ProfileFile> files)
      throws InterruptedException {
    SessionRecord known = store.adapter().loadSessionRecord(record.id()).orElseThrow();
    if (!Objects.equals(record.metadata().get(REQUEST_HASH), known.metadata().get(REQUEST_HASH))) {
      throw new AgentRuntimeException(
          StandardError.IDEMPOTENCY_CONFLICT,
          "another session was created under this idempotency key before");
    }
    if (known.lastActivity() == null) {
      // The server may have died between the record and its files.
      storeFiles(record.id(), architecture, files);
    }
    return record.id();
  }

  /** A session without its first files must not stay: the creator was told that there is none. */
  private void withdraw(SessionId id, Exception reason) {
    if (!store.has(PersistenceCapability.DELETE_SESSION)) {
      log.warn("session {} was stored without its first files and cannot be removed", id);
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      store.purge(id);
    } catch (AgentRuntimeException e) {
      log.warn("session {} was stored without its first files and stays", id, e);
      reason.addSuppressed(e);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The record as others see it. */
  static SessionRecord visible(SessionRecord record) {
    if (!record.metadata().containsKey(REQUEST_HASH)) {
      return record;
    }
    Map<String, Object> metadata = new LinkedHashMap<>(record.metadata());
    metadata.remove(REQUEST_HASH);
    return record.with(new SessionUpdate(null, null, null, metadata));
  }

  /** The update, without losing by which request the session was created. */
  static SessionUpdate keepingKey(SessionRecord record, SessionUpdate update) {
    Object hash = record.metadata().get(REQUEST_HASH);
    Map<String, Object> metadata = update.metadata();
    if (hash == null || metadata == null) {
      return update;
    }
    Map<String, Object> kept = new LinkedHashMap<>(metadata);
    kept.put(REQUEST_HASH, hash);
    return new SessionUpdate(update.options(), update.lastActivity(), update.name(), kept);
  }

  private SessionId id(CreateSession request, AgentArchitecture architecture) {
    SessionId wished = request.id();
    if (wished != null) {
      return wished;
    }
    String key = request.idempotencyKey();
    if (key == null) {
      return new SessionId(architecture.newSessionId(clock.instant(), random));
    }
    // The key decides the id, so that a repeated request finds the session of the first one.
    MessageId named = MessageId.of(new SessionId("create"), key);
    UUID uuid = UUID.fromString(named.value());
    return new SessionId(
        architecture.newSessionId(
            Instant.EPOCH,
            new SplittableRandom(
                uuid.getMostSignificantBits() * 31 + uuid.getLeastSignificantBits())));
  }

  private static String hash(CreateSession request) {
    MessageDigest digest = ContentHash.digest();
    ContentDigest.add(digest, request.architecture());
    ContentDigest.add(digest, request.profileId());
    ContentDigest.add(digest, request.options());
    ContentDigest.add(digest, request.name());
    ContentDigest.add(digest, request.metadata());
    ContentDigest.add(digest, request.sandboxProvider());
    for (ProfileFile file : request.workspaceFiles()) {
      ContentDigest.add(digest, file.path().value());
      ContentDigest.add(digest, file.executable());
      ContentDigest.add(digest, ContentHash.of(file.bytes()).hex());
    }
    return ContentHash.of(digest).hex();
  }

  private static Map<WorkspacePath, ProfileFile> files(
      AgentProfile profile, CreateSession request) {
    Map<WorkspacePath, ProfileFile> wanted = new TreeMap<>();
    profile.workspaceFiles().forEach(file -> wanted.put(file.path(), file));
    request.workspaceFiles().forEach(file -> wanted.put(file.path(), file));
    return wanted;
  }

  private void storeFiles(
      SessionId id, AgentArchitecture architecture, Map<WorkspacePath, ProfileFile> wanted)
      throws InterruptedException {
    if (wanted.isEmpty()) {
      return;
    }
    try {
      SessionStorage storage = store.open(id, LeaseEpoch.NONE, architecture.transcripts());
      Set<WorkspacePath> present =
          storage.files().stream().map(WorkspaceFile::path).collect(Collectors.toSet());
      if (present.containsAll(wanted.keySet())) {
        return;
      }
      List<WorkspaceFile> kept = new ArrayList<>();
      for (ProfileFile file : wanted.values()) {
        byte[] bytes = file.bytes();
        ContentHash hash = ContentHash.of(bytes);
        storage.put(hash, Content.of(bytes));
        kept.add(
            new WorkspaceFile(
                file.path(),
                FileKind.REGULAR,
                file.executable() ? 0755 : 0644,
                bytes.length,
                hash,
                null));
      }
      storage.saveFiles(kept);
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.STORE_UNAVAILABLE, "storing the first files of session " + id, e);
    }
  }
}
