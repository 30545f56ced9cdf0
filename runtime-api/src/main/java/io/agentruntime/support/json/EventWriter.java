// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.RangeEnd;
import io.agentruntime.model.event.RangeStart;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SandboxState;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.Usage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events to fields; {@link EventReader} is its inverse. */
final class EventWriter {
  private EventWriter() {}

  static String typeOf(SessionEvent event) {
    return switch (event) {
      case SessionEvent.BlockStarted e -> "BlockStarted";
      case SessionEvent.BlockDelta e -> "BlockDelta";
      case SessionEvent.BlockUpdated e -> "BlockUpdated";
      case SessionEvent.BlockCompleted e -> "BlockCompleted";
      case SessionEvent.MetadataUpdated e -> "MetadataUpdated";
      case SessionEvent.SubagentDiscovered e -> "SubagentDiscovered";
      case SessionEvent.SubagentCompleted e -> "SubagentCompleted";
      case SessionEvent.NativeSessionBound e -> "NativeSessionBound";
      case SessionEvent.PermissionRequested e -> "PermissionRequested";
      case SessionEvent.PermissionResolved e -> "PermissionResolved";
      case SessionEvent.ErrorRaised e -> "ErrorRaised";
      case SessionEvent.Unknown e -> "Unknown";
      case SessionEvent.StatusChanged e -> "StatusChanged";
      case SessionEvent.OptionsUpdated e -> "OptionsUpdated";
      case SessionEvent.FileCreated e -> "FileCreated";
      case SessionEvent.FileModified e -> "FileModified";
      case SessionEvent.FileDeleted e -> "FileDeleted";
      case SessionEvent.WorkspaceLimitReached e -> "WorkspaceLimitReached";
      case SessionEvent.TurnQueued e -> "TurnQueued";
      case SessionEvent.QueueReordered e -> "QueueReordered";
      case SessionEvent.TurnCancelled e -> "TurnCancelled";
      case SessionEvent.TurnStarted e -> "TurnStarted";
      case SessionEvent.InputApplied e -> "InputApplied";
      case SessionEvent.TurnCompleted e -> "TurnCompleted";
      case SessionEvent.TurnFailed e -> "TurnFailed";
      case SessionEvent.TurnInterrupted e -> "TurnInterrupted";
      case SessionEvent.TranscriptSaved e -> "TranscriptSaved";
      case SessionEvent.ContextRestored e -> "ContextRestored";
    };
  }

  static Map<String, Object> write(SessionEvent event) {
    MapWriter map = new MapWriter();
    switch (event) {
      case SessionEvent.BlockStarted e -> map.put("block", BlockMaps.write(e.block()));
      case SessionEvent.BlockDelta e ->
          map.put("blockId", e.blockId().value()).put("field", e.field()).put("text", e.text());
      case SessionEvent.BlockUpdated e -> map.put("block", BlockMaps.write(e.block()));
      case SessionEvent.BlockCompleted e -> map.put("block", BlockMaps.write(e.block()));
      case SessionEvent.MetadataUpdated e -> metadata(map, e.metadata());
      case SessionEvent.SubagentDiscovered e ->
          map.put("id", e.id().value())
              .put("agentId", e.agentId())
              .put("name", e.name())
              .put("description", e.description())
              .put("prompt", e.prompt());
      case SessionEvent.SubagentCompleted e ->
          map.put("id", e.id().value())
              .put("agentId", e.agentId())
              .put("failed", e.failed())
              .put("output", e.output())
              .put("durationMs", e.durationMillis());
      case SessionEvent.NativeSessionBound e -> map.put("nativeId", e.nativeId());
      case SessionEvent.PermissionRequested e -> request(map, e.request());
      case SessionEvent.PermissionResolved e -> answer(map, e.answer());
      case SessionEvent.ErrorRaised e ->
          map.put("code", e.code()).put("message", e.message()).put("retryable", e.retryable());
      case SessionEvent.Unknown e -> map.put("type", e.type()).put("raw", e.raw());
      case SessionEvent.StatusChanged e -> state(map, e.state());
      case SessionEvent.OptionsUpdated e -> map.put("options", e.options());
      case SessionEvent.FileCreated e -> map.put("file", FileMaps.write(e.file()));
      case SessionEvent.FileModified e -> map.put("file", FileMaps.write(e.file()));
      case SessionEvent.FileDeleted e -> map.put("path", e.path().value());
      case SessionEvent.WorkspaceLimitReached e ->
          map.put("limit", e.limit())
              .put("path", e.path() == null ? null : e.path().value())
              .put("message", e.message());
      case SessionEvent.TurnQueued e ->
          map.put("messageId", e.messageId().value())
              .put("content", ContentMaps.write(e.content()))
              .put("mode", e.mode())
              .put("idempotencyKey", e.idempotencyKey())
              .put("bodyHash", e.bodyHash());
      case SessionEvent.QueueReordered e ->
          map.put("order", e.order().stream().map(MessageId::value).toList());
      case SessionEvent.TurnCancelled e ->
          map.put("messageId", e.messageId().value()).put("reason", e.reason());
      case SessionEvent.TurnStarted e ->
          map.put("messageId", e.messageId().value()).put("range", range(e.range()));
      case SessionEvent.InputApplied e ->
          map.put("kind", e.kind())
              .put("stdoutOffset", e.stdoutOffset())
              .put("stdinOffset", e.stdinOffset())
              .put("stdin", e.stdin())
              .put("argument", e.argument());
      case SessionEvent.TurnCompleted e ->
          map.put("messageId", e.messageId().value())
              .put("durationMs", e.durationMillis())
              .put("end", end(e.end()));
      case SessionEvent.TurnFailed e ->
          map.put("messageId", e.messageId().value())
              .put("code", e.code())
              .put("message", e.message())
              .put("end", end(e.end()));
      case SessionEvent.TurnInterrupted e ->
          map.put("messageId", e.messageId().value()).put("end", end(e.end()));
      case SessionEvent.TranscriptSaved e -> map.put("bytes", e.bytes());
      case SessionEvent.ContextRestored e ->
          map.put("fidelity", e.fidelity()).put("message", e.message());
    }
    return map.done();
  }

  private static void metadata(MapWriter map, ConversationMetadata metadata) {
    Usage usage = metadata.usage();
    if (usage != null) {
      map.put(
          "usage",
          new MapWriter()
              .put("inputTokens", usage.inputTokens())
              .put("outputTokens", usage.outputTokens())
              .put("cacheReadTokens", usage.cacheReadTokens())
              .put("cacheWriteTokens", usage.cacheWriteTokens())
              .done());
    }
    // A text, because readers of JSON numbers lose digits and scale.
    map.put("costUsd", metadata.costUsd() == null ? null : metadata.costUsd().toString())
        .put("model", metadata.model());
  }

  private static void request(MapWriter map, PermissionRequest request) {
    map.put("requestId", request.requestId())
        .put("toolName", request.toolName())
        .put("input", request.input())
        .put("toolUseId", request.toolUseId())
        .putUnlessEmpty("suggestions", request.suggestions());
  }

  private static void answer(MapWriter map, PermissionAnswer answer) {
    map.put("requestId", answer.requestId())
        .put("allowed", answer.allowed())
        .put("updatedInput", answer.updatedInput())
        .put("message", answer.message())
        .put("decidedBy", answer.decidedBy());
  }

  private static void state(MapWriter map, RuntimeState state) {
    SandboxState sandbox = state.sandbox();
    map.put("loaded", state.loaded())
        .put("sandbox", sandbox == null ? null : sandbox(sandbox))
        .put("activeTurn", state.activeTurn() == null ? null : state.activeTurn().value())
        .put("turnStartedAt", state.turnStartedAt())
        .put("queued", state.queued());
  }

  private static Map<String, Object> sandbox(SandboxState sandbox) {
    return new MapWriter()
        .put("id", sandbox.id())
        .put("provider", sandbox.provider())
        .put("status", sandbox.status())
        .put("message", sandbox.message())
        .put("restarts", sandbox.restarts())
        .put("lastHealthCheck", sandbox.lastHealthCheck())
        .put("lastError", sandbox.lastError())
        .done();
  }

  private static @Nullable Map<String, Object> range(@Nullable RangeStart range) {
    return range == null
        ? null
        : new MapWriter()
            .put("sandboxId", range.sandboxId())
            .put("processId", range.processId())
            .put("stdoutOffset", range.stdoutOffset())
            .put("stdinOffset", range.stdinOffset())
            .put("architecture", range.architecture())
            .put("decoderVersion", range.decoderVersion())
            .done();
  }

  private static @Nullable Map<String, Object> end(@Nullable RangeEnd end) {
    return end == null
        ? null
        : new MapWriter()
            .put("stdoutOffset", end.stdoutOffset())
            .put("stdinOffset", end.stdinOffset())
            .put("protocol", end.protocol())
            .done();
  }
}
