// SPDX-License-Identifier: MIT

package io.agentruntime.core.store;

import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.architecture.TranscriptCodec;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.SessionPage;
import io.agentruntime.spi.persistence.SessionQuery;
import io.agentruntime.spi.persistence.StoredSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The adapter as the core uses it: roles where it has them, the basic operations elsewhere. */
public final class SessionStore {
  private final PersistenceAdapter adapter;
  private final ProfileSource profiles;
  private final Path blobs;

  /**
   * A store on an adapter.
   *
   * @param adapter the adapter
   * @param profiles profiles beside the adapter's
   * @param blobs a folder for contents that the adapter cannot read one by one
   */
  public SessionStore(PersistenceAdapter adapter, ProfileSource profiles, Path blobs) {
    this.adapter = adapter;
    this.profiles = profiles;
    this.blobs = blobs;
  }

  /** The adapter itself. */
  public PersistenceAdapter adapter() {
    return adapter;
  }

  /** Whether the adapter declares a capability. */
  public boolean has(PersistenceCapability capability) {
    return adapter.capabilities().contains(capability);
  }

  /** Opens a session's storage for its owner. */
  public SessionStorage open(SessionId id, LeaseEpoch epoch, TranscriptCodec codec)
      throws IOException, InterruptedException {
    if (adapter
        .capabilities()
        .containsAll(Set.of(PersistenceCapability.TRANSCRIPTS, PersistenceCapability.WORKSPACES))) {
      return new RoleStorage(id, epoch, adapter.transcripts(), adapter.workspaces());
    }
    StoredSession stored =
        adapter
            .loadSession(id)
            .orElseThrow(
                () ->
                    new AgentRuntimeException(
                        StandardError.SESSION_NOT_FOUND, "no session " + id + " is stored"));
    return new BasicStorage(id, epoch, adapter, codec, blobs.resolve(id.value()), stored);
  }

  /** Removes everything about a session. */
  public void purge(SessionId id) throws InterruptedException {
    adapter.deleteSession(id);
    Path folder = blobs.resolve(id.value());
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
        Files.delete(folder);
      } catch (IOException e) {
        throw new AgentRuntimeException(
            StandardError.STORE_UNAVAILABLE, "deleting the kept contents of session " + id, e);
      }
    }
  }

  /** One page of sessions, newest activity first. */
  public SessionPage query(SessionQuery query) throws InterruptedException {
    return has(PersistenceCapability.QUERY) ? adapter.query(query) : queryAll(query);
  }

  /** All profiles; the adapter's first. */
  public List<ProfileSummary> profiles() throws InterruptedException {
    Map<String, ProfileSummary> all = new LinkedHashMap<>();
    adapter.listAgentProfiles().forEach(profile -> all.put(profile.id(), profile));
    profiles.list().forEach(profile -> all.putIfAbsent(profile.id(), profile));
    return List.copyOf(all.values());
  }

  /** A profile; the adapter's wins. */
  public Optional<AgentProfile> profile(String id) throws InterruptedException {
    Optional<AgentProfile> stored = adapter.loadAgentProfile(id);
    return stored.isPresent() ? stored : profiles.load(id);
  }

  private SessionPage queryAll(SessionQuery query) throws InterruptedException {
    List<SessionRecord> matching = new ArrayList<>(adapter.listAllSessions());
    matching.removeIf(session -> !matches(session, query));
    matching.sort(
        Comparator.comparing(SessionStore::activity)
            .reversed()
            .thenComparing(session -> session.id().value()));
    int from = 0;
    String cursor = query.cursor();
    if (cursor != null) {
      while (from < matching.size() && !matching.get(from).id().value().equals(cursor)) {
        from++;
      }
      from = Math.min(from + 1, matching.size());
    }
    int to = Math.min(matching.size(), from + query.limit());
    return new SessionPage(
        matching.subList(from, to),
        to < matching.size() ? matching.get(to - 1).id().value() : null);
  }

  private static boolean matches(SessionRecord session, SessionQuery query) {
    String part = query.nameContains();
    String name = session.name();
    return (query.architecture() == null || query.architecture().equals(session.architecture()))
        && (query.profileId() == null || query.profileId().equals(session.profileId()))
        && (part == null
            || (name != null
                && name.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT))));
  }

  private static Instant activity(SessionRecord session) {
    Instant last = session.lastActivity();
    return last == null ? session.createdAt() : last;
  }
}
