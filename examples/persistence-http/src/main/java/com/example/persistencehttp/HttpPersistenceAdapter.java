package com.example.persistencehttp;

import com.example.persistencehttp.RestClient.Answer;
import com.example.persistencehttp.RestClient.Body;
import com.fasterxml.jackson.core.type.TypeReference;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.spi.HealthProblem;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.Secret;
import io.agentruntime.spi.persistence.FileRemoval;
import io.agentruntime.spi.persistence.FileWrite;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.RecordUpdate;
import io.agentruntime.spi.persistence.StoredFile;
import io.agentruntime.spi.persistence.StoredSession;
import io.agentruntime.spi.persistence.TranscriptWrite;
import io.agentruntime.support.json.FileMaps;
import io.agentruntime.support.json.ProfileMaps;
import io.agentruntime.support.json.RecordMaps;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions in a REST service. Thread-safe.
 *
 * <p>Settings: {@code url}, required; {@code request-timeout}, ISO 8601, {@code PT30S}. Secret:
 * {@code PERSISTENCE_HTTP_TOKEN}, sent as a bearer token.
 */
public final class HttpPersistenceAdapter implements PersistenceAdapter {
  private static final Set<String> KEYS = Set.of("url", "request-timeout");
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
  private static final TypeReference<List<Map<String, Object>>> OBJECTS = new TypeReference<>() {};

  /** What the service answers for a session. */
  private record SessionAnswer(
      Map<String, Object> record,
      @Nullable String transcript,
      @Nullable Map<String, String> subagents,
      @Nullable List<Map<String, Object>> files) {
    private static final TypeReference<SessionAnswer> TYPE = new TypeReference<>() {};
  }

  private volatile @Nullable RestClient client;

  /** Needed by the service loader. */
  public HttpPersistenceAdapter() {}

  @Override
  public String id() {
    return "http";
  }

  // tag::open[]
  @Override
  public void open(ProviderContext context) throws InterruptedException {
    Set<String> unknown = new TreeSet<>(context.settingKeys());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw wrong(unknown.iterator().next(), "unknown; known are " + new TreeSet<>(KEYS), null);
    }
    String url = context.setting("url").orElse("");
    if (!url.matches("https?://[^?#\\s]+")) {
      throw wrong("url", "the service's address, for instance https://store.example.com/v1", null);
    }
    Duration timeout;
    try {
      timeout = Duration.parse(context.setting("request-timeout").orElse("PT30S"));
    } catch (DateTimeParseException e) {
      throw wrong("request-timeout", "a duration such as PT30S", e);
    }
    Secret token = context.secret("PERSISTENCE_HTTP_TOKEN").orElse(null);
    RestClient opened = new RestClient(url.replaceFirst("/+$", ""), timeout, token);
    boolean answers = false;
    try {
      RestClient.read(opened.send("GET", "/agent-profiles", Map.of(), Body.NONE).body(), OBJECTS);
      answers = true;
    } catch (AgentRuntimeException e) {
      throw wrong("url", "a service that answers: " + e.getMessage(), e);
    } finally {
      if (!answers) {
        opened.close();
      }
    }
    client = opened;
  }

  private static AgentRuntimeException wrong(
      String key, String expected, @Nullable Exception cause) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION,
        "persistence 'http', setting '" + key + "': " + expected,
        cause);
  }

  // end::open[]

  @Override
  public void close() {
    RestClient last = client;
    client = null;
    if (last != null) {
      last.close();
    }
  }

  @Override
  public Set<PersistenceCapability> capabilities() {
    return Set.of(PersistenceCapability.DURABLE);
  }

  @Override
  public List<HealthProblem> health() throws InterruptedException {
    try {
      listAgentProfiles();
      return List.of();
    } catch (AgentRuntimeException e) {
      return List.of(
          new HealthProblem(String.valueOf(e.getMessage()), "Look at the service behind 'url'"));
    }
  }

  // --- the nine operations ---

  @Override
  public List<SessionRecord> listAllSessions() throws InterruptedException {
    String answer = requireClient().send("GET", "/sessions", Map.of(), Body.NONE).body();
    return RestClient.read(answer, OBJECTS).stream().map(RecordMaps::read).toList();
  }

  @Override
  public Optional<StoredSession> loadSession(SessionId id) throws InterruptedException {
    Answer<String> answer =
        requireClient().send("GET", "/sessions/{id}", Map.of("id", id), Body.NONE);
    if (answer.status() == 404) {
      return Optional.empty();
    }
    SessionAnswer found = RestClient.read(answer.body(), SessionAnswer.TYPE);
    Map<String, String> subagents = found.subagents() == null ? Map.of() : found.subagents();
    StoredTranscript transcript = null;
    if (found.transcript() != null || !subagents.isEmpty()) {
      String raw = found.transcript() == null ? "" : found.transcript();
      transcript = new StoredTranscript(raw, subagents);
    }
    List<StoredFile> files = new ArrayList<>();
    if (found.files() != null) {
      found.files().forEach(file -> files.add(stored(id, FileMaps.read(file))));
    }
    return Optional.of(new StoredSession(RecordMaps.read(found.record()), transcript, files));
  }

  @Override
  public void createSessionRecord(SessionRecord session) throws InterruptedException {
    Body body = Body.json(RecordMaps.write(session));
    if (requireClient().send("POST", "/sessions", Map.of(), body).status() == 409) {
      throw new AgentRuntimeException(
          StandardError.SESSION_EXISTS, "session " + session.id() + " exists already");
    }
  }

  // tag::update[]
  @Override
  public void updateSessionRecord(RecordUpdate update) throws InterruptedException {
    SessionUpdate changes = update.update();
    Map<String, Object> fields = new LinkedHashMap<>();
    if (changes.options() != null) {
      fields.put("sessionOptions", changes.options());
    }
    if (changes.lastActivity() != null) {
      fields.put("lastActivity", changes.lastActivity().toString());
    }
    if (changes.name() != null) {
      fields.put("name", changes.name());
    }
    if (changes.metadata() != null) {
      fields.put("metadata", changes.metadata());
    }
    change("PATCH", "/sessions/{id}", update.id(), Map.of(), Body.json(fields));
  }

  // end::update[]

  @Override
  public void saveTranscript(TranscriptWrite write) throws InterruptedException {
    Body text = Body.text(write.raw());
    String subagent = write.subagentId();
    if (subagent == null) {
      change("PUT", "/sessions/{id}/transcript", write.id(), Map.of(), text);
    } else {
      Map<String, Object> which = Map.of("subagent", subagent);
      change("PUT", "/sessions/{id}/subagents/{subagent}/transcript", write.id(), which, text);
    }
  }

  // tag::files[]
  @Override
  public void saveWorkspaceFile(FileWrite write) throws InterruptedException {
    WorkspaceFile file = write.file().file();
    Content content = write.file().content();
    if (content != null && file.hash() != null) {
      // First the content, under its hash: a file whose upload breaks off leaves what was there.
      Map<String, Object> blob = Map.of("hash", file.hash());
      try (InputStream in = content.open()) {
        Body bytes = Body.bytes(in, content.size());
        change("PUT", "/sessions/{id}/blobs/{hash}", write.id(), blob, bytes);
      } catch (IOException e) {
        throw new AgentRuntimeException(
            StandardError.STORE_UNAVAILABLE, "cannot read " + file.path(), e);
      }
    }
    Body body = Body.json(FileMaps.write(file));
    change("PUT", "/sessions/{id}/files", write.id(), Map.of(), body);
  }

  // end::files[]

  @Override
  public void deleteSessionFile(FileRemoval removal) throws InterruptedException {
    Map<String, Object> path = Map.of("path", removal.path().value());
    change("DELETE", "/sessions/{id}/files{?path}", removal.id(), path, Body.NONE);
  }

  @Override
  public List<ProfileSummary> listAgentProfiles() throws InterruptedException {
    String answer = requireClient().send("GET", "/agent-profiles", Map.of(), Body.NONE).body();
    List<ProfileSummary> summaries = new ArrayList<>();
    for (Map<String, Object> profile : RestClient.read(answer, OBJECTS)) {
      summaries.add(ProfileMaps.read(profile).summary());
    }
    return summaries;
  }

  @Override
  public Optional<AgentProfile> loadAgentProfile(String profileId) throws InterruptedException {
    Answer<String> answer =
        requireClient().send("GET", "/agent-profiles/{id}", Map.of("id", profileId), Body.NONE);
    return answer.status() == 404
        ? Optional.empty()
        : Optional.of(ProfileMaps.read(RestClient.read(answer.body(), OBJECT)));
  }

  // --- what they share ---

  /** A write to a session that must be there. */
  private void change(
      String method, String route, SessionId id, Map<String, Object> more, Body body)
      throws InterruptedException {
    Map<String, Object> variables = new LinkedHashMap<>(more);
    variables.put("id", id);
    if (requireClient().send(method, route, variables, body).status() == 404) {
      throw new AgentRuntimeException(StandardError.SESSION_NOT_FOUND, "there is no session " + id);
    }
  }

  /** A file whose content is fetched when somebody reads it. */
  private StoredFile stored(SessionId id, WorkspaceFile file) {
    ContentHash hash = file.hash();
    return new StoredFile(file, hash == null ? null : new Blob(id, hash, file.size()));
  }

  private RestClient requireClient() {
    RestClient now = client;
    if (now == null) {
      throw new AgentRuntimeException(StandardError.CLOSED, "persistence 'http' is not open");
    }
    return now;
  }

  private final class Blob implements Content {
    private final SessionId id;
    private final ContentHash hash;
    private final long size;

    Blob(SessionId id, ContentHash hash, long size) {
      this.id = id;
      this.hash = hash;
      this.size = size;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public InputStream open() throws IOException {
      try {
        Answer<InputStream> answer =
            requireClient().open("/sessions/{id}/blobs/{hash}", Map.of("id", id, "hash", hash));
        if (answer.status() == 200) {
          return answer.body();
        }
        throw new IOException("the service has no content " + hash + " of session " + id);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException("interrupted").initCause(e);
      }
    }
  }
}
