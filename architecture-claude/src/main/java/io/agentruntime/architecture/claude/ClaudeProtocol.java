// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.architecture.support.protocol.ProgramEnd;
import io.agentruntime.architecture.support.protocol.UnknownLine;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.ErrorRaised;
import io.agentruntime.model.event.SessionEvent.MetadataUpdated;
import io.agentruntime.model.event.SessionEvent.NativeSessionBound;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.ProtocolStep;
import io.agentruntime.spi.architecture.TurnInput;
import io.agentruntime.spi.sandbox.ExitStatus;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Speaks the stream-json protocol of the Claude Code program: one JSON object per line in both
 * directions.
 *
 * <p>It dispatches; {@link Lane} assembles messages, {@link OpenTools} follows tools and subagents,
 * {@link TurnState} knows when a turn is over, {@link Permissions} answers questions and {@link
 * Totals} adds up. One thread at a time.
 */
final class ClaudeProtocol implements AgentProtocol {
  private static final String MISSING =
      "The program 'claude' cannot be run in the sandbox; its image must have Claude Code on the"
          + " PATH.";

  private final int incarnation;
  private final OpenTools tools = new OpenTools();
  private final Map<ConversationId, Lane> lanes = new HashMap<>();
  private final Permissions permissions;
  private final TurnState turn;
  private final Totals totals;
  private String nativeId;
  private boolean startNoted;
  private long interrupts;
  private long namelessNotes;

  ClaudeProtocol(ProtocolStart start) {
    Map<String, Object> snapshot = start.snapshot();
    incarnation = start.incarnation();
    permissions = new Permissions(start.profile().permissions());
    turn = new TurnState(snapshot);
    totals = new Totals(start.metadata(), snapshot);
    nativeId =
        snapshot.get("nativeId") instanceof String known
            ? known
            : ClaudePaths.nativeId(start.sessionId(), start.nativeId());
    startNoted = Boolean.TRUE.equals(snapshot.get("startNoted"));
    interrupts = snapshot.get("interrupts") instanceof Number n ? n.longValue() : 0;
    namelessNotes = snapshot.get("namelessNotes") instanceof Number n ? n.longValue() : 0;
  }

  @Override
  public ProtocolStep onStart() {
    // The program is ready when it reads: its first line comes only after the first message.
    return ProtocolStep.NONE;
  }

  @Override
  public ProtocolStep onTurn(TurnInput input) {
    String uuid = input.messageId().value();
    turn.written(uuid);
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "user");
    message.put("content", Native.nativeContent(input.content()));
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("type", "user");
    line.put("message", message);
    line.put("uuid", uuid);
    return ProtocolStep.line(Json.write(line));
  }

  @Override
  public ProtocolStep interrupt() {
    if (!turn.isRunning()) {
      return ProtocolStep.NONE;
    }
    turn.interrupt();
    return ProtocolStep.line(Control.interrupt("interrupt-" + ++interrupts));
  }

  @Override
  public ProtocolStep answer(PermissionAnswer answer) {
    Emitter out = new Emitter();
    String line = permissions.answer(answer, out);
    return step(out, line, null);
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
    Emitter out = new Emitter();
    JsonNode node = object.get();
    switch (Json.textOr(node, "type", "")) {
      case "stream_event" -> lane(node).streamEvent(node, out);
      case "assistant" -> assistant(node, out);
      case "user" -> user(node, out);
      case "system" -> {
        return system(node, line, out);
      }
      case "result" -> {
        return result(node, out);
      }
      case "control_request" -> {
        return controlRequest(node, out);
      }
      case "control_cancel_request" ->
          permissions.cancelled(Json.textOr(node, "request_id", ""), out);
      case "command_lifecycle" ->
          turn.lifecycle(Json.textOr(node, "command_uuid", ""), Json.textOr(node, "state", ""));
      case "conversation_reset" -> out.main(new BlockCompleted(Notes.cleared(noteId(node))));
      case "control_response", "keep_alive", "tool_progress", "prompt_suggestion" -> {
        // Acknowledgements and signs of life.
      }
      default -> out.main(UnknownLine.event(Json.textOr(node, "type", "line"), line));
    }
    return ProtocolStep.of(out.emissions());
  }

  private Lane lane(JsonNode line) {
    String parent = Json.text(line, "parent_tool_use_id");
    ConversationId id =
        parent == null ? ConversationId.MAIN : new ConversationId(Native.id(parent));
    return lanes.computeIfAbsent(id, each -> new Lane(each, tools));
  }

  private void assistant(JsonNode line, Emitter out) {
    JsonNode message = line.path("message");
    if (Native.isApiError(line)) {
      String text = Native.plainText(message.path("content"));
      out.emit(
          lane(line).id(),
          new BlockCompleted(Native.apiError(Json.textOr(message, "id", "error"), text, line)));
      return;
    }
    lane(line).assistant(message, -1, out);
  }

  private void user(JsonNode line, Emitter out) {
    if (Json.isTrue(line, "isReplay")) {
      UserTexts.localOutput(line, noteId(line))
          .ifPresent(note -> out.emit(lane(line).id(), new BlockCompleted(note)));
      return;
    }
    Lane lane = lane(line);
    JsonNode content = line.path("message").path("content");
    boolean answered = false;
    for (JsonNode part : content) {
      if (Json.textOr(part, "type", "").equals("tool_result")) {
        tools.result(lane.id(), part, line.path("tool_use_result"), out);
        answered = true;
      }
    }
    if (!answered && !tools.isPrompt(lane.id(), Native.plainText(content))) {
      UserTexts.said(line, noteId(line), lane.id())
          .ifPresent(block -> out.emit(lane.id(), new BlockCompleted(block)));
    }
  }

  private ProtocolStep system(JsonNode line, String raw, Emitter out) {
    @Nullable TurnOutcome outcome = null;
    switch (Json.textOr(line, "subtype", "")) {
      case "init" -> init(line, out);
      case "session_state_changed" -> outcome = turn.state(Json.textOr(line, "state", ""));
      case "task_started" ->
          tools.bind(Json.textOr(line, "tool_use_id", ""), Json.textOr(line, "task_id", ""), out);
      case "task_notification" -> tools.notified(line, out);
      case "status",
          "thinking_tokens",
          "task_progress",
          "task_updated",
          "background_tasks_changed",
          "hook_started",
          "hook_progress" -> {
        // Progress that the blocks show already.
      }
      default ->
          Notes.of(line, noteId(line))
              .ifPresentOrElse(
                  note -> out.main(new BlockCompleted(note)),
                  () -> out.main(UnknownLine.event("system", raw)));
    }
    return step(out, null, over(outcome, out));
  }

  private void init(JsonNode line, Emitter out) {
    // It comes with every turn; once per process is enough.
    if (!startNoted) {
      startNoted = true;
      out.main(new BlockCompleted(Notes.sessionStart(line, "session-start-" + incarnation)));
    }
    // The program gives a conversation another id when it is cleared.
    String current = Json.text(line, "session_id");
    if (current != null && !Native.id(current).equals(nativeId)) {
      nativeId = Native.id(current);
      out.main(new NativeSessionBound(nativeId));
    }
    String model = Json.text(line, "model");
    if (model != null && totals.model(model)) {
      out.main(new MetadataUpdated(new ConversationMetadata(null, null, model)));
    }
  }

  private ProtocolStep result(JsonNode line, Emitter out) {
    out.main(new MetadataUpdated(totals.add(line)));
    ResultLine result = ResultLine.of(line);
    TurnOutcome outcome = result.outcome();
    boolean stopped =
        turn.isInterrupting() && Json.textOr(line, "subtype", "").equals("error_during_execution");
    if (stopped) {
      outcome = new TurnOutcome.Interrupted();
    } else if (outcome instanceof TurnOutcome.Failed failed) {
      out.main(new ErrorRaised(failed.code(), failed.message(), failed.retryable()));
    }
    return step(
        out, null, over(turn.result(result.messageIds(), result.beforeAnyTurn(), outcome), out));
  }

  private ProtocolStep controlRequest(JsonNode line, Emitter out) {
    String requestId = Json.textOr(line, "request_id", "");
    JsonNode request = line.path("request");
    String subtype = Json.textOr(request, "subtype", "");
    if (subtype.equals("can_use_tool") && !requestId.isEmpty()) {
      return step(out, permissions.asked(requestId, request, out).orElse(null), null);
    }
    return step(out, Control.unsupported(requestId, subtype), null);
  }

  @Override
  public ProtocolStep onExit(ExitStatus status, String stderrTail) {
    Emitter out = new Emitter();
    if (!turn.isRunning()) {
      return ProtocolStep.NONE;
    }
    @Nullable TurnOutcome outcome = turn.exited();
    if (outcome == null) {
      TurnOutcome.Failed failed = ProgramEnd.midTurn("Claude Code", MISSING, status, stderrTail);
      out.main(new ErrorRaised(failed.code(), failed.message(), failed.retryable()));
      outcome = failed;
    }
    turn.end();
    return step(out, null, over(outcome, out));
  }

  /** Ends what belongs to a turn that is over. */
  private @Nullable TurnOutcome over(@Nullable TurnOutcome outcome, Emitter out) {
    if (outcome != null) {
      permissions.turnEnded(out);
      tools.forget();
      lanes.clear();
    }
    return outcome;
  }

  @Override
  public Map<String, Object> snapshot() {
    Map<String, Object> state = new LinkedHashMap<>();
    turn.snapshot(state);
    totals.snapshot(state);
    state.put("nativeId", nativeId);
    state.put("startNoted", startNoted);
    state.put("interrupts", interrupts);
    state.put("namelessNotes", namelessNotes);
    return state;
  }

  /** The id of a note: the line's own, or one counted by us. */
  private String noteId(JsonNode line) {
    String uuid = Json.text(line, "uuid");
    return uuid == null ? "note-" + incarnation + "-" + ++namelessNotes : Native.id(uuid);
  }

  private static ProtocolStep step(
      Emitter out, @Nullable String stdinLine, @Nullable TurnOutcome outcome) {
    byte[] stdin =
        stdinLine == null
            ? ProtocolStep.NONE.stdin()
            : (stdinLine + '\n').getBytes(StandardCharsets.UTF_8);
    return new ProtocolStep(out.emissions(), stdin, false, outcome);
  }
}
