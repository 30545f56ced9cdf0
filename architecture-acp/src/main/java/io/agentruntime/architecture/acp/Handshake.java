package io.agentruntime.architecture.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.SessionEvent.ErrorRaised;
import io.agentruntime.model.event.SessionEvent.NativeSessionBound;
import io.agentruntime.spi.architecture.ProtocolStart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way from a fresh process to an open session, one request after the other: initialize, log in,
 * open or load the session, choose its mode. Confined to its protocol.
 *
 * <p>A session that was loaded is replayed by the program. Its end is the answer to a later request
 * with no piece of the replay before it: while the replay goes on, a piece comes first.
 */
final class Handshake {
  private enum Phase {
    NONE,
    INITIALIZE,
    AUTHENTICATE,
    LOAD,
    NEW,
    MODE,
    READY,
    FAILED
  }

  private final AcpDialect dialect;
  private final RequestIds ids;
  private final String workingDirectory;
  private @Nullable String toLoad;
  private @Nullable String sessionId;
  private Phase phase = Phase.NONE;
  private long pending = -1;
  private boolean replaying;
  private String failure = "";

  Handshake(ProtocolStart start, AcpDialect dialect, RequestIds ids) {
    this.dialect = dialect;
    this.ids = ids;
    this.workingDirectory = start.paths() == null ? "." : start.paths().workspace();
    toLoad = start.resume() ? start.nativeId() : null;
    if (start.snapshot().get("nativeId") instanceof String known) {
      sessionId = known;
      phase = Phase.READY;
    }
  }

  void snapshot(Map<String, Object> into) {
    if (sessionId != null && phase == Phase.READY) {
      into.put("nativeId", sessionId);
    }
  }

  boolean isReady() {
    return phase == Phase.READY;
  }

  boolean hasFailed() {
    return phase == Phase.FAILED;
  }

  /** Why there is no session. */
  String failure() {
    return failure;
  }

  /** The open session; to be asked for only when there is one. */
  String sessionId() {
    return sessionId == null ? "" : sessionId;
  }

  /** Begins, or begins again after a failure. */
  void begin(ProtocolDraft draft) {
    if (phase != Phase.NONE && phase != Phase.FAILED) {
      return;
    }
    Map<String, Object> capabilities = new LinkedHashMap<>();
    // Not Map.of: its order differs between processes, and a replay must write the same bytes.
    Map<String, Object> files = new LinkedHashMap<>();
    files.put("readTextFile", false);
    files.put("writeTextFile", false);
    capabilities.put("fs", files);
    capabilities.put("terminal", false);
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("protocolVersion", 1);
    parameters.put("clientCapabilities", capabilities);
    ask(Phase.INITIALIZE, "initialize", parameters, draft);
  }

  private void ask(Phase next, String method, Map<String, Object> parameters, ProtocolDraft draft) {
    phase = next;
    pending = ids.next();
    draft.line(JsonRpc.request(pending, method, parameters));
  }

  /** An update that came outside of a turn. */
  void update(JsonNode update) {
    replaying |= dialect.isLateReplay(update);
  }

  /** An answer; true when it was to a request of the handshake. */
  boolean reply(long id, JsonNode message, ProtocolDraft draft) {
    if (id != pending) {
      return false;
    }
    pending = -1;
    JsonNode error = message.path("error");
    if (error.isObject()) {
      refused(error, draft);
    } else {
      accepted(message.path("result"), draft);
    }
    return true;
  }

  private void accepted(JsonNode result, ProtocolDraft draft) {
    switch (phase) {
      case INITIALIZE -> {
        if (toLoad != null && !Json.isTrue(result.path("agentCapabilities"), "loadSession")) {
          lost(dialect.programName() + " cannot load sessions", draft);
        }
        dialect
            .authenticationMethod()
            .ifPresentOrElse(
                method ->
                    ask(Phase.AUTHENTICATE, "authenticate", Map.of("methodId", method), draft),
                () -> open(draft));
      }
      case AUTHENTICATE -> open(draft);
      case LOAD -> {
        sessionId = toLoad;
        chooseMode(draft);
      }
      case NEW -> created(result, draft);
      case MODE -> {
        if (replaying) {
          chooseMode(draft);
        } else {
          ready(draft);
        }
      }
      default -> {
        // There is no request in the other phases.
      }
    }
  }

  private void created(JsonNode result, ProtocolDraft draft) {
    String created = Json.textOr(result, "sessionId", "");
    if (created.isEmpty()) {
      fail(dialect.programName() + " opened a session without an id");
      return;
    }
    sessionId = created;
    draft.out.main(new NativeSessionBound(created));
    chooseMode(draft);
  }

  private void refused(JsonNode error, ProtocolDraft draft) {
    switch (phase) {
      case LOAD -> {
        lost(Failures.text(error), draft);
        open(draft);
      }
      case MODE ->
          fail(
              "it does not know the mode "
                  + dialect.mode().orElse("")
                  + ": "
                  + Failures.text(error));
      default -> fail(Failures.text(error));
    }
  }

  /** The past cannot be had: said, never silent. */
  private void lost(String why, ProtocolDraft draft) {
    toLoad = null;
    draft.out.main(
        new ErrorRaised(
            StandardError.AGENT_FAILED.name(),
            dialect.programName() + " could not continue its conversation and begins anew: " + why,
            false));
  }

  private void open(ProtocolDraft draft) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    if (toLoad != null) {
      parameters.put("sessionId", toLoad);
    }
    parameters.put("cwd", workingDirectory);
    List<Map<String, Object>> servers = dialect.mcpServers();
    parameters.put("mcpServers", servers);
    ask(
        toLoad == null ? Phase.NEW : Phase.LOAD,
        toLoad == null ? "session/new" : "session/load",
        parameters,
        draft);
  }

  private void chooseMode(ProtocolDraft draft) {
    replaying = false;
    if (dialect.mode().isEmpty()) {
      ready(draft);
      return;
    }
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("sessionId", sessionId());
    parameters.put("modeId", dialect.mode().get());
    ask(Phase.MODE, "session/set_mode", parameters, draft);
  }

  private void ready(ProtocolDraft draft) {
    phase = Phase.READY;
    dialect.onReady(sessionId()).forEach(draft::line);
  }

  private void fail(String why) {
    phase = Phase.FAILED;
    failure = dialect.programName() + " opens no session: " + why;
  }
}
