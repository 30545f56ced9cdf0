// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.ProtocolDraft;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.SessionEvent.ContextRestored;
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
 * with no piece of the replay before it: while the replay goes on, a piece comes first. The later
 * request is the choice of a mode, then one that no program knows: each must be answered.
 */
final class Handshake {
  private static final long VERSION = 1;
  private static final String FENCE_METHOD = "_agent-runtime/fence";

  private enum Phase {
    NONE,
    INITIALIZE,
    AUTHENTICATE,
    LOAD,
    NEW,
    MODE,
    FENCE,
    READY,
    FAILED
  }

  private final AcpDialect dialect;
  private final AcpConversation conversation;
  private final RequestIds ids;
  private final String workingDirectory;
  private @Nullable String toLoad;
  private @Nullable String sessionId;
  private Phase phase = Phase.NONE;
  private long pending = -1;
  private boolean loaded;
  private boolean replaying;
  private boolean takesImages = true;
  private boolean unsupported;
  private String failure = "";

  Handshake(ProtocolStart start, AcpDialect dialect, AcpConversation conversation, RequestIds ids) {
    this.dialect = dialect;
    this.conversation = conversation;
    this.ids = ids;
    this.workingDirectory = start.paths() == null ? "." : start.paths().workspace();
    toLoad = start.resume() ? start.nativeId() : null;
    if (start.snapshot().get("nativeId") instanceof String known) {
      sessionId = known;
      takesImages = !Boolean.FALSE.equals(start.snapshot().get("images"));
      phase = Phase.READY;
    }
  }

  void snapshot(Map<String, Object> into) {
    if (sessionId != null && phase == Phase.READY) {
      into.put("nativeId", sessionId);
      into.put("images", takesImages);
    }
  }

  boolean isReady() {
    return phase == Phase.READY;
  }

  boolean hasFailed() {
    return phase == Phase.FAILED;
  }

  /** Whether prompts may hold images. */
  boolean takesImages() {
    return takesImages;
  }

  /** Whether there is no session because the program lacks something for certain. */
  boolean isUnsupported() {
    return unsupported;
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
    loaded = false;
    unsupported = false;
    // Not Map.of: its order differs between processes, and a replay must write the same bytes.
    Map<String, Object> files = new LinkedHashMap<>();
    files.put("readTextFile", false);
    files.put("writeTextFile", false);
    capabilities.put("fs", files);
    capabilities.put("terminal", false);
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("protocolVersion", VERSION);
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
        long version = Json.numberOr(result, "protocolVersion", VERSION);
        if (version != VERSION) {
          unsupported(
              "it speaks version " + version + " of the protocol, this client version " + VERSION);
          return;
        }
        JsonNode capabilities = result.path("agentCapabilities");
        JsonNode prompts = capabilities.path("promptCapabilities");
        // One that says nothing at all may still take them, and says so itself if it does not.
        takesImages = !prompts.isObject() || Json.isTrue(prompts, "image");
        String transport = missingTransport(capabilities.path("mcpCapabilities"));
        if (!transport.isEmpty()) {
          unsupported(transport);
          return;
        }
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
        loaded = true;
        conversation.opened(true);
        chooseMode(draft);
      }
      case NEW -> created(result, draft);
      case MODE, FENCE -> quiet(draft);
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
    conversation.opened(false);
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
      // As expected: that there is an answer is what counts.
      case FENCE -> quiet(draft);
      default -> fail(Failures.text(error));
    }
  }

  /** Asks again while pieces of the past come. */
  private void quiet(ProtocolDraft draft) {
    if (replaying) {
      replaying = false;
      ask(Phase.FENCE, FENCE_METHOD, Map.of(), draft);
    } else {
      ready(draft);
    }
  }

  /** What cannot be had of the servers for tools, empty when all can. */
  private String missingTransport(JsonNode offered) {
    for (Map<String, Object> server : dialect.mcpServers()) {
      if (server.get("type") instanceof String transport && !Json.isTrue(offered, transport)) {
        return "it has no MCP over "
            + transport
            + ", which the profile's server '"
            + server.get("name")
            + "' needs";
      }
    }
    return "";
  }

  /** The past cannot be had: said, never silent. */
  private void lost(String why, ProtocolDraft draft) {
    toLoad = null;
    String message =
        dialect.programName() + " could not continue its conversation and begins anew: " + why;
    draft.out.main(new ErrorRaised(StandardError.AGENT_FAILED.name(), message, false));
    draft.out.main(new ContextRestored("workspace-only", message));
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
      if (loaded) {
        ask(Phase.FENCE, FENCE_METHOD, Map.of(), draft);
      } else {
        ready(draft);
      }
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

  private void unsupported(String why) {
    unsupported = true;
    fail(why);
  }

  private void fail(String why) {
    phase = Phase.FAILED;
    failure = dialect.programName() + " opens no session: " + why;
  }
}
