// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.ProtocolDraft;
import io.agentruntime.architecture.support.protocol.UnknownLine;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.SessionEvent.ErrorRaised;
import io.agentruntime.model.event.SessionEvent.NativeSessionBound;
import io.agentruntime.model.profile.AgentProfile;
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
 * Speaks with the bridge: commands in, events out. A turn ends when the bridge says so, once; the
 * server's own words for it come twice or not at all. One thread at a time.
 */
final class OpenCodeProtocol implements AgentProtocol {
  private static final String ABORT = "{\"command\":\"abort\"}";

  private final AgentProfile profile;
  private final OpenCodeOptions options;
  private final boolean resume;
  private final Totals totals;
  private final Permissions permissions;
  private final Deque<Long> prompts = new ArrayDeque<>();
  private @Nullable String nativeId;
  private @Nullable Turn turn;
  private @Nullable JsonNode lastError;
  private TurnOutcome.@Nullable Failed givenUp;
  private long commands;
  private boolean interrupting;

  OpenCodeProtocol(ProtocolStart start, OpenCodeOptions options) {
    profile = start.profile();
    this.options = options;
    resume = start.resume();
    totals = new Totals(start.metadata(), start.snapshot());
    permissions = new Permissions(profile.permissions());
    nativeId = start.snapshot().get("nativeId") instanceof String known ? known : start.nativeId();
    commands = start.snapshot().get("commands") instanceof Number n ? n.longValue() : 0;
  }

  @Override
  public ProtocolStep onStart() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("id", ++commands);
    line.put("command", "open");
    line.put("session", nativeId);
    line.put("resume", resume);
    return ProtocolStep.line(Json.write(line));
  }

  @Override
  public ProtocolStep onTurn(TurnInput input) {
    prompts.addLast(++commands);
    return ProtocolStep.line(Prompts.line(commands, input.content(), profile, options));
  }

  @Override
  public ProtocolStep interrupt() {
    if (prompts.isEmpty()) {
      return ProtocolStep.NONE;
    }
    interrupting = true;
    return ProtocolStep.line(ABORT);
  }

  @Override
  public ProtocolStep answer(PermissionAnswer answer) {
    ProtocolDraft draft = new ProtocolDraft();
    permissions.answer(answer, draft);
    return draft.step();
  }

  @Override
  public ProtocolStep onStdout(String line) {
    if (line.isBlank()) {
      return ProtocolStep.NONE;
    }
    Optional<JsonNode> object = Json.object(line);
    String type = object.map(node -> Json.textOr(node, "type", "")).orElse("");
    if (type.isEmpty()) {
      return ProtocolStep.of(List.of(Emission.main(UnknownLine.event("garbage", line))));
    }
    ProtocolDraft draft = new ProtocolDraft();
    JsonNode message = object.orElseThrow();
    switch (type) {
      case "session.open" -> opened(message, draft);
      case "session.lost" -> lost(message, draft);
      case "turn.end", "turn.refused" -> turnEnded(type, message, draft);
      case "tool.output" -> told(type, Json.textOr(message, "session", ""), message, draft);
      case "message.updated", "message.part.updated", "message.part.delta" -> {
        JsonNode about = message.path("properties");
        told(type, Json.textOr(about, "sessionID", ""), about, draft);
      }
      case "session.error" -> failed(message.path("properties"));
      case "session.status" -> retried(message.path("properties"), draft);
      case "permission.asked" -> asked(message.path("properties"), draft);
      case "permission.replied", "session.created", "server.exit" -> {
        // The answers are ours, subagents are told by their tools, and the exit itself follows.
      }
      default -> draft.out.main(UnknownLine.event(type, line));
    }
    return draft.step();
  }

  private void opened(JsonNode message, ProtocolDraft draft) {
    String session = Json.textOr(message, "session", "");
    if (!session.isEmpty() && !session.equals(nativeId)) {
      nativeId = session;
      draft.out.main(new NativeSessionBound(session));
    }
  }

  /** The past cannot be had: said, never silent. */
  private static void lost(JsonNode message, ProtocolDraft draft) {
    draft.out.main(
        new ErrorRaised(
            StandardError.AGENT_FAILED.name(),
            Failures.bounded(
                "OpenCode could not continue its conversation and begins anew: "
                    + Json.textOr(message, "message", "no reason given")),
            false));
  }

  private void told(String type, String session, JsonNode about, ProtocolDraft draft) {
    if (prompts.isEmpty() || nativeId == null) {
      return;
    }
    if (turn == null) {
      turn = new Turn(nativeId, totals);
    }
    turn.told(type, session, about, draft.out);
  }

  private void failed(JsonNode about) {
    if (!prompts.isEmpty() && Json.textOr(about, "sessionID", "").equals(nativeId)) {
      lastError = about.path("error");
    }
  }

  /** The program calls a failing model again and again; not for ever. */
  private void retried(JsonNode about, ProtocolDraft draft) {
    JsonNode status = about.path("status");
    if (prompts.isEmpty() || !Json.textOr(status, "type", "").equals("retry") || givenUp != null) {
      return;
    }
    long attempt = Json.numberOr(status, "attempt", 1);
    String why = Failures.bounded(Json.textOr(status, "message", "no reason given"));
    if (attempt > options.maxRetries()) {
      givenUp = Failures.failed(why, true);
      draft.line(ABORT);
    } else {
      draft.out.main(
          new ErrorRaised(
              StandardError.AGENT_FAILED.name(),
              "The model's API failed and is called again (" + attempt + "): " + why,
              true));
    }
  }

  private void asked(JsonNode question, ProtocolDraft draft) {
    if (!prompts.isEmpty()) {
      permissions.asked(question, turn == null ? null : turn.toolOf(question), draft);
    }
  }

  private void turnEnded(String type, JsonNode message, ProtocolDraft draft) {
    Long expected = prompts.peekFirst();
    if (expected == null || Json.numberOr(message, "id", -1) != expected) {
      return;
    }
    prompts.removeFirst();
    TurnOutcome outcome =
        type.equals("turn.refused")
            ? refused(Json.textOr(message, "message", "OpenCode refused the message"))
            : outcome(message.path("info"));
    end(outcome, draft);
  }

  private TurnOutcome refused(String why) {
    JsonNode error = lastError;
    if (interrupting) {
      return new TurnOutcome.Interrupted();
    }
    return error == null || Failures.isAborted(error)
        ? Failures.failed(why, false)
        : Failures.of(error);
  }

  private TurnOutcome outcome(JsonNode info) {
    JsonNode error = info.path("error");
    boolean answered = Json.textOr(info, "role", "").equals("assistant");
    if (givenUp != null) {
      return givenUp;
    }
    if (Failures.isAborted(error) || (interrupting && !answered)) {
      return new TurnOutcome.Interrupted();
    }
    if (error.isObject()) {
      return interrupting ? new TurnOutcome.Interrupted() : Failures.of(error);
    }
    return answered ? new TurnOutcome.Completed() : refused("OpenCode gave no answer");
  }

  private void end(TurnOutcome outcome, ProtocolDraft draft) {
    permissions.turnEnded(draft);
    draft.outcome(outcome);
    turn = null;
    lastError = null;
    givenUp = null;
    interrupting = false;
  }

  @Override
  public ProtocolStep onExit(ExitStatus status, String stderrTail) {
    if (prompts.isEmpty()) {
      return ProtocolStep.NONE;
    }
    ProtocolDraft draft = new ProtocolDraft();
    prompts.clear();
    end(interrupting ? new TurnOutcome.Interrupted() : Failures.ofExit(status, stderrTail), draft);
    return draft.step();
  }

  @Override
  public Map<String, Object> snapshot() {
    Map<String, Object> state = new LinkedHashMap<>();
    if (nativeId != null) {
      state.put("nativeId", nativeId);
    }
    state.put("commands", commands);
    totals.snapshot(state);
    return state;
  }
}
