// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.rest.view.MetadataReply;
import io.agentruntime.app.rest.view.RuntimeReply;
import io.agentruntime.app.rest.view.WireBlocks;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SandboxState;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.support.json.ContentMaps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events in the unified dialect: one name, and {@code {type, payload, context}}; see {@code
 * docs/events.md}. Stateless.
 */
final class UnifiedEvents {
  static final String NAME = "session:event";

  private UnifiedEvents() {}

  /** The events that tell unified clients of this one, in order. */
  static List<WireEvent> of(EventEnvelope envelope, EventContext context) {
    return switch (envelope.event()) {
      case SessionEvent.BlockStarted e ->
          context.heldBack() || e.block() instanceof Block.UserMessage
              ? List.of()
              : List.of(upsert(envelope, e.block()));
      case SessionEvent.BlockDelta e ->
          List.of(
              runner(
                  envelope,
                  e.field() == DeltaField.TEXT ? "block:delta" : "block:input:delta",
                  new Payload().put("blockId", e.blockId().value()).put("delta", e.text())));
      case SessionEvent.BlockUpdated e ->
          context.heldBack() || e.block() instanceof Block.UserMessage
              ? List.of()
              : List.of(upsert(envelope, e.block()));
      case SessionEvent.BlockCompleted e -> List.of(upsert(envelope, e.block()));
      case SessionEvent.MetadataUpdated e ->
          List.of(
              runner(
                  envelope,
                  "metadata:update",
                  new Payload().put("metadata", MetadataReply.of(e.metadata()))));
      case SessionEvent.SubagentDiscovered e -> discovered(envelope, e, context);
      case SessionEvent.SubagentCompleted e ->
          List.of(
              runner(
                  envelope,
                  "subagent:completed",
                  new Payload()
                      .put("toolUseId", e.id().value())
                      .put("agentId", e.agentId())
                      .put("status", e.failed() ? "failed" : "completed")
                      .put("output", e.output())
                      .put("durationMs", e.durationMillis())));
      case SessionEvent.StatusChanged e -> statusChanged(envelope, e, context);
      default -> {
        WireEvent event = ofServer(envelope, context);
        yield event == null ? List.of() : List.of(event);
      }
    };
  }

  /** Events about the session rather than about what the agent said. */
  private static @Nullable WireEvent ofServer(EventEnvelope envelope, EventContext context) {
    return switch (envelope.event()) {
      case SessionEvent.PermissionRequested e ->
          server(
              envelope,
              "permission:requested",
              new Payload()
                  .put("requestId", e.request().requestId())
                  .put("toolName", e.request().toolName())
                  .put("input", e.request().input())
                  .put("toolUseId", e.request().toolUseId())
                  .put("suggestions", e.request().suggestions()));
      case SessionEvent.PermissionResolved e ->
          server(
              envelope,
              "permission:resolved",
              new Payload()
                  .put("requestId", e.answer().requestId())
                  .put("allowed", e.answer().allowed())
                  .put("message", e.answer().message())
                  .put("decidedBy", e.answer().decidedBy()));
      case SessionEvent.ErrorRaised e ->
          server(
              envelope,
              "error",
              new Payload()
                  .put("message", e.message())
                  .put("code", e.code())
                  .put("data", Map.of("retryable", e.retryable())));
      case SessionEvent.OptionsUpdated e ->
          server(envelope, "options:update", new Payload().put("options", e.options()));
      case SessionEvent.FileCreated e ->
          server(envelope, "file:created", new Payload().put("file", context.file()));
      case SessionEvent.FileModified e ->
          server(envelope, "file:modified", new Payload().put("file", context.file()));
      case SessionEvent.FileDeleted e ->
          server(envelope, "file:deleted", new Payload().put("path", e.path().value()));
      case SessionEvent.WorkspaceLimitReached e ->
          server(
              envelope,
              "workspace:limit",
              new Payload()
                  .put("limit", e.limit())
                  .put("path", e.path() == null ? null : e.path().value())
                  .put("message", e.message()));
      case SessionEvent.TurnQueued e ->
          server(
              envelope,
              "turn:queued",
              message(e.messageId())
                  .put("content", ContentMaps.write(e.content()))
                  .put("mode", e.mode().name().toLowerCase(Locale.ROOT)));
      case SessionEvent.QueueReordered e ->
          server(
              envelope,
              "turn:reordered",
              new Payload().put("order", e.order().stream().map(MessageId::value).toList()));
      case SessionEvent.TurnCancelled e ->
          server(envelope, "turn:cancelled", message(e.messageId()).put("reason", e.reason()));
      case SessionEvent.TurnStarted e ->
          server(
              envelope, "query:started", message(e.messageId()).put("message", context.userText()));
      case SessionEvent.TurnCompleted e ->
          server(
              envelope,
              "query:completed",
              message(e.messageId()).put("durationMs", e.durationMillis()));
      case SessionEvent.TurnInterrupted e ->
          server(envelope, "query:completed", message(e.messageId()).put("interrupted", true));
      case SessionEvent.TurnFailed e ->
          server(
              envelope,
              "query:failed",
              new Payload()
                  .put("error", e.message())
                  .put("code", e.code())
                  .put("messageId", e.messageId().value()));
      case SessionEvent.ContextRestored e ->
          server(
              envelope,
              "context:restored",
              new Payload().put("fidelity", e.fidelity()).put("message", e.message()));
      default -> null;
    };
  }

  /** The runtime state on joining. */
  static WireEvent status(SessionId session, long seq, RuntimeState state, Instant at) {
    return event(
        "status",
        new Payload().put("runtime", RuntimeReply.of(state)),
        session,
        null,
        "server",
        at,
        seq);
  }

  /** Something that the server has to say beside the log. */
  static WireEvent server(String type, Payload payload, SessionId session, long seq, Instant at) {
    return event(type, payload, session, null, "server", at, seq);
  }

  /** A growing block with its text so far. */
  static WireEvent growing(
      SessionId session, long seq, ConversationId conversation, Block block, Instant at) {
    return event(
        "block:upsert",
        new Payload().put("block", WireBlocks.unified(block)),
        session,
        conversation,
        "runner",
        at,
        seq);
  }

  /** What a client is told whose place in the log is not known any more. */
  static WireEvent reset(SessionId session, long seq, Instant at) {
    return event("session:reset", new Payload(), session, null, "server", at, seq);
  }

  private static List<WireEvent> discovered(
      EventEnvelope envelope, SessionEvent.SubagentDiscovered event, EventContext context) {
    List<WireEvent> events = new ArrayList<>();
    if (!context.repeatedDiscovery()) {
      events.add(
          runner(
              envelope,
              "subagent:spawned",
              new Payload()
                  .put("toolUseId", event.id().value())
                  .put("agentId", event.agentId())
                  .put("prompt", event.prompt())
                  .put("subagentType", event.name())
                  .put("description", event.description())));
    }
    Block.Subagent block = context.subagentBlock();
    if (block != null) {
      events.add(upsert(envelope, block));
    }
    return events;
  }

  private static List<WireEvent> statusChanged(
      EventEnvelope envelope, SessionEvent.StatusChanged event, EventContext context) {
    List<WireEvent> events = new ArrayList<>();
    SandboxState change = context.sandboxChange();
    WireEvent sandbox = change == null ? null : sandbox(envelope, change);
    if (sandbox != null) {
      events.add(sandbox);
    }
    events.add(
        server(envelope, "status", new Payload().put("runtime", RuntimeReply.of(event.state()))));
    return events;
  }

  private static @Nullable WireEvent sandbox(EventEnvelope envelope, SandboxState state) {
    return switch (state.status()) {
      case STARTING ->
          server(envelope, "ee:creating", new Payload().put("statusMessage", state.message()));
      case READY -> server(envelope, "ee:ready", new Payload().put("eeId", state.id()));
      case TERMINATED ->
          server(envelope, "ee:terminated", new Payload().put("reason", reason(state)));
      case ERROR ->
          server(
              envelope,
              "ee:error",
              new Payload()
                  .put("message", state.lastError() == null ? state.message() : state.lastError()));
      case UNHEALTHY -> null;
    };
  }

  private static String reason(SandboxState state) {
    String message = state.message() == null ? "" : state.message().toLowerCase(Locale.ROOT);
    return message.contains("idle") ? "idle" : message.contains("manual") ? "manual" : "unhealthy";
  }

  private static WireEvent upsert(EventEnvelope envelope, Block block) {
    return runner(envelope, "block:upsert", new Payload().put("block", WireBlocks.unified(block)));
  }

  private static Payload message(MessageId id) {
    return new Payload().put("messageId", id.value());
  }

  private static WireEvent runner(EventEnvelope envelope, String type, Payload payload) {
    return event(
        type,
        payload,
        envelope.sessionId(),
        envelope.conversationId(),
        "runner",
        envelope.at(),
        envelope.seq());
  }

  private static WireEvent server(EventEnvelope envelope, String type, Payload payload) {
    return event(
        type, payload, envelope.sessionId(), null, "server", envelope.at(), envelope.seq());
  }

  private static WireEvent event(
      String type,
      Payload payload,
      SessionId session,
      @Nullable ConversationId conversation,
      String source,
      Instant at,
      long seq) {
    Map<String, Object> context =
        new Payload()
            .put("sessionId", session.value())
            .put("conversationId", conversation == null ? null : conversation.value())
            .put("source", source)
            .put("timestamp", at.toString())
            .put("seq", seq)
            .done();
    return new WireEvent(
        NAME,
        new Payload()
            .put("type", type)
            .put("payload", payload.done())
            .put("context", context)
            .done());
  }
}
