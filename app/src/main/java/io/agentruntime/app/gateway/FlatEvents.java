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
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.support.json.ContentMaps;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events in the flat dialect: one name per kind; see {@code docs/events.md}. Stateless. */
final class FlatEvents {
  private FlatEvents() {}

  /** The events that tell flat clients of this one. */
  static List<WireEvent> of(EventEnvelope envelope, EventContext context) {
    WireEvent event = one(envelope, context);
    return event == null ? List.of() : List.of(event);
  }

  private static @Nullable WireEvent one(EventEnvelope envelope, EventContext context) {
    return switch (envelope.event()) {
      case SessionEvent.BlockStarted e -> block(envelope, "start", "block", e.block());
      case SessionEvent.BlockDelta e ->
          new WireEvent(
              e.field() == DeltaField.TEXT ? "session:block:delta" : "session:block:input:delta",
              conversation(envelope)
                  .put("blockId", e.blockId().value())
                  .put("delta", e.text())
                  .done());
      case SessionEvent.BlockUpdated e -> block(envelope, "update", "updates", e.block());
      case SessionEvent.BlockCompleted e -> block(envelope, "complete", "block", e.block());
      case SessionEvent.MetadataUpdated e ->
          new WireEvent(
              "session:metadata:update",
              conversation(envelope).put("metadata", MetadataReply.of(e.metadata())).done());
      case SessionEvent.SubagentDiscovered e ->
          context.repeatedDiscovery() ? null : discovered(envelope, e);
      case SessionEvent.SubagentCompleted e ->
          new WireEvent(
              "session:subagent:completed",
              session(envelope)
                  .put("subagentId", e.id().value())
                  .put("status", e.failed() ? "failed" : "completed")
                  .put("output", e.output())
                  .put("durationMs", e.durationMillis())
                  .done());
      case SessionEvent.PermissionRequested e ->
          new WireEvent(
              "session:permission:requested",
              session(envelope)
                  .put("requestId", e.request().requestId())
                  .put("toolName", e.request().toolName())
                  .put("input", e.request().input())
                  .put("toolUseId", e.request().toolUseId())
                  .put("suggestions", e.request().suggestions())
                  .done());
      case SessionEvent.PermissionResolved e ->
          new WireEvent(
              "session:permission:resolved",
              session(envelope)
                  .put("requestId", e.answer().requestId())
                  .put("allowed", e.answer().allowed())
                  .put("message", e.answer().message())
                  .put("decidedBy", e.answer().decidedBy())
                  .done());
      case SessionEvent.ErrorRaised e ->
          new WireEvent(
              "error", session(envelope).put("message", e.message()).put("code", e.code()).done());
      case SessionEvent.StatusChanged e -> status(envelope.sessionId(), envelope.seq(), e.state());
      case SessionEvent.OptionsUpdated e ->
          new WireEvent(
              "session:options:update", session(envelope).put("options", e.options()).done());
      case SessionEvent.FileCreated e ->
          new WireEvent(
              "session:file:created", session(envelope).put("file", context.file()).done());
      case SessionEvent.FileModified e ->
          new WireEvent(
              "session:file:modified", session(envelope).put("file", context.file()).done());
      case SessionEvent.FileDeleted e ->
          new WireEvent(
              "session:file:deleted", session(envelope).put("path", e.path().value()).done());
      case SessionEvent.WorkspaceLimitReached e ->
          new WireEvent(
              "session:workspace:limit",
              session(envelope)
                  .put("limit", e.limit())
                  .put("path", e.path() == null ? null : e.path().value())
                  .put("message", e.message())
                  .done());
      case SessionEvent.TurnQueued e ->
          turn(envelope, "queued", e.messageId())
              .with("content", ContentMaps.write(e.content()))
              .with("mode", e.mode().name().toLowerCase(Locale.ROOT))
              .event();
      case SessionEvent.QueueReordered e ->
          new WireEvent(
              "session:turn:reordered",
              session(envelope)
                  .put("order", e.order().stream().map(MessageId::value).toList())
                  .done());
      case SessionEvent.TurnCancelled e ->
          turn(envelope, "cancelled", e.messageId()).with("reason", e.reason()).event();
      case SessionEvent.TurnStarted e ->
          turn(envelope, "started", e.messageId())
              .with("turnId", envelope.turnId() == null ? null : envelope.turnId().value())
              .event();
      case SessionEvent.TurnCompleted e ->
          turn(envelope, "completed", e.messageId()).with("durationMs", e.durationMillis()).event();
      case SessionEvent.TurnFailed e ->
          turn(envelope, "failed", e.messageId())
              .with("code", e.code())
              .with("message", e.message())
              .event();
      case SessionEvent.TurnInterrupted e -> turn(envelope, "interrupted", e.messageId()).event();
      case SessionEvent.ContextRestored e ->
          new WireEvent(
              "session:context:restored",
              session(envelope).put("fidelity", e.fidelity()).put("message", e.message()).done());
      case SessionEvent.NativeSessionBound e -> null;
      case SessionEvent.InputApplied e -> null;
      case SessionEvent.TranscriptSaved e -> null;
      case SessionEvent.Unknown e -> null;
    };
  }

  /** The runtime state, as an event or on joining. */
  static WireEvent status(SessionId session, long seq, RuntimeState state) {
    return new WireEvent(
        "session:status",
        new Payload()
            .put("sessionId", session.value())
            .put("seq", seq)
            .put("runtime", RuntimeReply.of(state))
            .put("status", RuntimeReply.statusWord(state))
            .done());
  }

  /** A growing block as it was at its beginning, and its text so far. */
  static List<WireEvent> growing(
      SessionId session, long seq, ConversationId conversation, Block empty, String text) {
    WireEvent start =
        new WireEvent(
            "session:block:start",
            conversation(session, seq, conversation).put("block", WireBlocks.flat(empty)).done());
    if (text.isEmpty()) {
      return List.of(start);
    }
    return List.of(
        start,
        new WireEvent(
            "session:block:delta",
            conversation(session, seq, conversation)
                .put("blockId", empty.id().value())
                .put("delta", text)
                .done()));
  }

  private static WireEvent block(EventEnvelope envelope, String verb, String field, Block block) {
    Map<String, Object> shown = WireBlocks.flat(block);
    Payload payload = conversation(envelope);
    if (!verb.equals("start")) {
      payload.put("blockId", WireBlocks.idOf(block));
    }
    return new WireEvent("session:block:" + verb, payload.put(field, shown).done());
  }

  private static WireEvent discovered(
      EventEnvelope envelope, SessionEvent.SubagentDiscovered event) {
    return new WireEvent(
        "session:subagent:discovered",
        session(envelope)
            .put(
                "subagent",
                new Payload()
                    .put("id", event.id().value())
                    .put("blocks", List.of())
                    .put("agentId", event.agentId())
                    .put("name", event.name())
                    .put("description", event.description())
                    .put("prompt", event.prompt())
                    .done())
            .done());
  }

  private record Turn(String name, Payload payload) {
    Turn with(String field, @Nullable Object value) {
      payload.put(field, value);
      return this;
    }

    WireEvent event() {
      return new WireEvent(name, payload.done());
    }
  }

  private static Turn turn(EventEnvelope envelope, String verb, MessageId message) {
    return new Turn("session:turn:" + verb, session(envelope).put("messageId", message.value()));
  }

  private static Payload session(EventEnvelope envelope) {
    return new Payload().put("sessionId", envelope.sessionId().value()).put("seq", envelope.seq());
  }

  private static Payload conversation(EventEnvelope envelope) {
    return conversation(envelope.sessionId(), envelope.seq(), envelope.conversationId());
  }

  private static Payload conversation(SessionId session, long seq, ConversationId conversation) {
    return new Payload()
        .put("sessionId", session.value())
        .put("seq", seq)
        .put("conversationId", conversation.value());
  }
}
