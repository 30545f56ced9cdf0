package io.agentruntime.core.session;

import io.agentruntime.core.CreateSession;
import io.agentruntime.core.provider.Providers;
import io.agentruntime.core.sandbox.SandboxSelection;
import io.agentruntime.core.store.SessionStorage;
import io.agentruntime.core.store.SessionStore;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.persistence.LeaseEpoch;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Checks wishes for sessions and stores new ones. Thread-safe. */
final class SessionCreator {
  /** Key of the metadata entry that keeps the hash of an idempotent request. */
  static final String REQUEST_HASH = "io.agentruntime.request";

  private final Providers providers;
  private final SessionStore store;
  private final SandboxSelection selection;
  private final InstantSource clock;
  private final RandomGenerator random = new java.security.SecureRandom();

  SessionCreator(
      Providers providers, SessionStore store, SandboxSelection selection, InstantSource clock) {
    this.providers = providers;
    this.store = store;
    this.selection = selection;
    this.clock = clock;
  }

  /** Stores a new session; the same idempotency key with the same wish gives the same session. */
  SessionId create(CreateSession request) throws InterruptedException {
    AgentArchitecture architecture = providers.architecture(request.architecture());
    AgentProfile profile =
        store
            .profile(request.profileId())
            .orElseThrow(
                () ->
                    new AgentRuntimeException(
                        StandardError.UNKNOWN_PROFILE,
                        "Unknown agent profile '" + request.profileId() + "'"));
    String wished = request.sandboxProvider();
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
    try {
      store
          .adapter()
          .createSessionRecord(
              new SessionRecord(
                  id,
                  request.architecture(),
                  request.profileId(),
                  request.options(),
                  clock.instant(),
                  null,
                  request.name(),
                  metadata,
                  wished));
    } catch (AgentRuntimeException e) {
      if (key != null && e.code() == StandardError.SESSION_EXISTS) {
        return sameAsBefore(id, request);
      }
      throw e;
    }
    storeFiles(id, architecture, profile, request.workspaceFiles());
    return id;
  }

  private SessionId sameAsBefore(SessionId id, CreateSession request) throws InterruptedException {
    SessionRecord known = store.adapter().loadSessionRecord(id).orElseThrow();
    if (!hash(request).equals(known.metadata().get(REQUEST_HASH))) {
      throw new AgentRuntimeException(
          StandardError.IDEMPOTENCY_CONFLICT,
          "another session was created under this idempotency key before");
    }
    return id;
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
    java.util.UUID uuid = java.util.UUID.fromString(named.value());
    return new SessionId(
        architecture.newSessionId(
            java.time.Instant.EPOCH,
            new SplittableRandom(
                uuid.getMostSignificantBits() * 31 + uuid.getLeastSignificantBits())));
  }

  private static String hash(CreateSession request) {
    return ContentHash.of(
            String.join(
                    "\n",
                    request.architecture(),
                    request.profileId(),
                    String.valueOf(request.options()),
                    String.valueOf(request.name()),
                    String.valueOf(request.metadata()),
                    String.valueOf(request.sandboxProvider()),
                    String.valueOf(request.workspaceFiles()))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .hex();
  }

  private void storeFiles(
      SessionId id, AgentArchitecture architecture, AgentProfile profile, List<ProfileFile> files)
      throws InterruptedException {
    Map<WorkspacePath, ProfileFile> wanted = new TreeMap<>();
    profile.workspaceFiles().forEach(file -> wanted.put(file.path(), file));
    files.forEach(file -> wanted.put(file.path(), file));
    if (wanted.isEmpty()) {
      return;
    }
    try {
      SessionStorage storage = store.open(id, LeaseEpoch.NONE, architecture.transcripts());
      List<WorkspaceFile> kept = new java.util.ArrayList<>();
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
