// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.ProtocolDraft;
import io.agentruntime.architecture.support.protocol.UnknownLine;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.ProtocolStep;
import io.agentruntime.spi.architecture.TurnInput;
import io.agentruntime.spi.sandbox.ExitStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Speaks the Agent Client Protocol: JSON-RPC lines in both directions, one prompt at a time.
 *
 * <p>It dispatches; {@link Handshake} opens the session, {@link AcpConversation} turns updates into
 * events and {@link AcpPermissions} answers questions. File system and terminal are not offered:
 * the program has its own inside the sandbox, and one that insists is refused. One thread at a
 * time.
 */
public final class AcpProtocol implements AgentProtocol {
  private final AcpDialect dialect;
  private final AcpConversation conversation;
  private final RequestIds ids;
  private final Handshake handshake;
  private final AcpPermissions permissions;
  private final Deque<TurnInput> waiting = new ArrayDeque<>();
  private long turns;
  private long prompt = -1;
  private boolean interrupting;

  /**
   * A protocol.
   *
   * @param start what it begins with
   * @param dialect in what the program differs
   * @param conversation what assembles its blocks
   */
  public AcpProtocol(ProtocolStart start, AcpDialect dialect, AcpConversation conversation) {
    Map<String, Object> snapshot = start.snapshot();
    this.dialect = dialect;
    this.conversation = conversation;
    ids = new RequestIds(snapshot);
    handshake = new Handshake(start, dialect, conversation, ids);
    permissions = new AcpPermissions(start.profile().permissions(), start.incarnation(), snapshot);
    turns = snapshot.get("turns") instanceof Number n ? n.longValue() : 0;
  }

  private boolean isRunning() {
    return prompt >= 0 || !waiting.isEmpty();
  }

  @Override
  public ProtocolStep onStart() {
    ProtocolDraft draft = new ProtocolDraft();
    handshake.begin(draft);
    return draft.step();
  }

  @Override
  public ProtocolStep onTurn(TurnInput input) {
    ProtocolDraft draft = new ProtocolDraft();
    waiting.addLast(input);
    if (handshake.hasFailed()) {
      handshake.begin(draft);
    }
    sendNext(draft);
    return draft.step();
  }

  /** Sends what waits, where the program can take it: a second prompt would cancel the first. */
  private void sendNext(ProtocolDraft draft) {
    if (prompt >= 0 || waiting.isEmpty() || !handshake.isReady()) {
      return;
    }
    TurnInput input = waiting.removeFirst();
    if (interrupting) {
      interrupting = false;
      draft.outcome(new TurnOutcome.Interrupted());
      return;
    }
    if (!handshake.takesImages() && Prompts.holdsData(input.content())) {
      draft.outcome(
          new TurnOutcome.Failed(
              StandardError.UNSUPPORTED.name(), dialect.programName() + " takes no images", false));
      return;
    }
    prompt = ids.next();
    conversation.turnStarted(++turns);
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("sessionId", handshake.sessionId());
    parameters.put("prompt", dialect.prompt(input.content()));
    draft.line(JsonRpc.request(prompt, "session/prompt", parameters));
  }

  @Override
  public ProtocolStep interrupt() {
    if (!isRunning()) {
      return ProtocolStep.NONE;
    }
    ProtocolDraft draft = new ProtocolDraft();
    interrupting = true;
    if (prompt >= 0) {
      draft.line(
          JsonRpc.notification("session/cancel", Map.of("sessionId", handshake.sessionId())));
      permissions.cancel(conversation, draft);
    }
    return draft.step();
  }

  @Override
  public ProtocolStep answer(PermissionAnswer answer) {
    ProtocolDraft draft = new ProtocolDraft();
    permissions.answer(answer, conversation, draft);
    return draft.step();
  }

  @Override
  public ProtocolStep onStdout(String line) {
    if (line.isBlank()) {
      return ProtocolStep.NONE;
    }
    Optional<JsonNode> object = Json.object(line);
    if (object.isEmpty()) {
      return ProtocolStep.of(List.of(Emission.main(UnknownLine.event("garbage", line))));
    }
    ProtocolDraft draft = new ProtocolDraft();
    JsonNode message = object.get();
    String method = Json.text(message, "method");
    JsonNode id = message.path("id");
    if (method == null) {
      if (id.isIntegralNumber()) {
        reply(id.longValue(), message, draft);
      } else {
        draft.out.main(UnknownLine.event("line", line));
      }
    } else if (id.isMissingNode() || id.isNull()) {
      notified(method, message.path("params"), line, draft);
    } else {
      asked(method, id, message.path("params"), draft);
    }
    return draft.step();
  }

  private void reply(long id, JsonNode message, ProtocolDraft draft) {
    if (id == prompt) {
      promptEnded(message, draft);
    } else if (handshake.reply(id, message, draft) && handshake.hasFailed()) {
      openingFailed(draft);
    }
    sendNext(draft);
  }

  private void openingFailed(ProtocolDraft draft) {
    if (!waiting.isEmpty()) {
      waiting.clear();
      draft.outcome(
          interrupting
              ? new TurnOutcome.Interrupted()
              : new TurnOutcome.Failed(
                  (handshake.isUnsupported()
                          ? StandardError.UNSUPPORTED
                          : StandardError.AGENT_FAILED)
                      .name(),
                  handshake.failure(),
                  !handshake.isUnsupported()));
      interrupting = false;
    }
  }

  private void promptEnded(JsonNode message, ProtocolDraft draft) {
    JsonNode error = message.path("error");
    boolean failed = error.isObject();
    ended(failed ? null : message.path("result"), draft);
    TurnOutcome outcome =
        failed
            ? Failures.ofError(error)
            : Failures.ofStop(
                dialect.programName(), Json.textOr(message.path("result"), "stopReason", ""));
    draft.outcome(failed && interrupting ? new TurnOutcome.Interrupted() : outcome);
    interrupting = false;
  }

  private void ended(@Nullable JsonNode result, ProtocolDraft draft) {
    prompt = -1;
    permissions.turnEnded(draft);
    conversation.turnEnded(result, draft.out);
  }

  private void notified(String method, JsonNode parameters, String line, ProtocolDraft draft) {
    boolean inTurn = prompt >= 0;
    if (method.equals("session/update")) {
      if (inTurn) {
        conversation.update(parameters.path("update"), draft.out);
      } else {
        handshake.update(parameters.path("update"));
      }
    } else if (!conversation.extension(method, parameters, inTurn, draft.out)) {
      draft.out.main(UnknownLine.event(method, line));
    }
  }

  private void asked(String method, JsonNode id, JsonNode parameters, ProtocolDraft draft) {
    if (method.equals("session/request_permission") && prompt >= 0) {
      permissions.asked(id, parameters, conversation, draft);
      if (interrupting) {
        permissions.cancel(conversation, draft);
      }
    } else {
      draft.line(JsonRpc.unknownMethod(id, method));
    }
  }

  @Override
  public ProtocolStep onExit(ExitStatus status, String stderrTail) {
    if (!isRunning()) {
      return ProtocolStep.NONE;
    }
    ProtocolDraft draft = new ProtocolDraft();
    waiting.clear();
    ended(null, draft);
    draft.outcome(
        interrupting
            ? new TurnOutcome.Interrupted()
            : Failures.ofExit(dialect, status, stderrTail));
    interrupting = false;
    return draft.step();
  }

  @Override
  public Map<String, Object> snapshot() {
    Map<String, Object> state = new LinkedHashMap<>();
    ids.snapshot(state);
    handshake.snapshot(state);
    permissions.snapshot(state);
    state.put("turns", turns);
    conversation.snapshot(state);
    return state;
  }
}
