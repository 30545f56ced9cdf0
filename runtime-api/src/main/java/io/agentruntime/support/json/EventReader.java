// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.RangeEnd;
import io.agentruntime.model.event.RangeStart;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SandboxState;
import io.agentruntime.model.session.SandboxStatus;
import io.agentruntime.model.turn.DeliveryMode;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.model.turn.Usage;
import io.agentruntime.model.workspace.WorkspacePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields to events; the inverse of {@link EventWriter}. */
final class EventReader {
  private EventReader() {}

  static SessionEvent read(String type, Fields map) {
    return switch (type) {
      case "BlockStarted" -> new SessionEvent.BlockStarted(BlockMaps.read(map.object("block")));
      case "BlockDelta" ->
          new SessionEvent.BlockDelta(
              map.parsed("blockId", BlockId::new),
              map.choice("field", DeltaField.class),
              map.text("text"));
      case "BlockUpdated" -> new SessionEvent.BlockUpdated(BlockMaps.read(map.object("block")));
      case "BlockCompleted" -> new SessionEvent.BlockCompleted(BlockMaps.read(map.object("block")));
      case "MetadataUpdated" -> new SessionEvent.MetadataUpdated(metadata(map));
      case "SubagentDiscovered" ->
          new SessionEvent.SubagentDiscovered(
              map.parsed("id", ConversationId::new),
              map.optionalText("agentId"),
              map.optionalText("name"),
              map.optionalText("description"),
              map.optionalText("prompt"));
      case "SubagentCompleted" ->
          new SessionEvent.SubagentCompleted(
              map.parsed("id", ConversationId::new),
              map.optionalText("agentId"),
              map.flag("failed"),
              map.optionalText("output"),
              map.optionalNumber("durationMs"));
      case "NativeSessionBound" -> new SessionEvent.NativeSessionBound(map.text("nativeId"));
      case "PermissionRequested" -> new SessionEvent.PermissionRequested(request(map));
      case "PermissionResolved" -> new SessionEvent.PermissionResolved(answer(map));
      case "ErrorRaised" ->
          new SessionEvent.ErrorRaised(
              map.text("code"), map.text("message"), map.flag("retryable"));
      case "Unknown" -> new SessionEvent.Unknown(map.text("type"), map.values("raw"));
      case "StatusChanged" -> new SessionEvent.StatusChanged(state(map));
      case "OptionsUpdated" -> new SessionEvent.OptionsUpdated(map.values("options"));
      case "FileCreated" -> new SessionEvent.FileCreated(FileMaps.read(map.object("file")));
      case "FileModified" -> new SessionEvent.FileModified(FileMaps.read(map.object("file")));
      case "FileDeleted" -> new SessionEvent.FileDeleted(map.parsed("path", WorkspacePath::new));
      case "WorkspaceLimitReached" ->
          new SessionEvent.WorkspaceLimitReached(
              map.text("limit"),
              map.optionalParsed("path", WorkspacePath::new),
              map.text("message"));
      case "TurnQueued" ->
          new SessionEvent.TurnQueued(
              messageId(map),
              ContentMaps.read(map, "content"),
              map.choice("mode", DeliveryMode.class),
              map.optionalText("idempotencyKey"),
              map.text("bodyHash"));
      case "QueueReordered" -> new SessionEvent.QueueReordered(order(map));
      case "TurnCancelled" -> new SessionEvent.TurnCancelled(messageId(map), map.text("reason"));
      case "TurnStarted" ->
          new SessionEvent.TurnStarted(messageId(map), range(map.optionalObject("range")));
      case "InputApplied" ->
          new SessionEvent.InputApplied(
              map.text("kind"),
              map.number("stdoutOffset"),
              map.number("stdinOffset"),
              map.text("stdin"),
              map.values("argument"));
      case "TurnCompleted" ->
          new SessionEvent.TurnCompleted(messageId(map), map.number("durationMs"), end(map));
      case "TurnFailed" ->
          new SessionEvent.TurnFailed(
              messageId(map), map.text("code"), map.text("message"), end(map));
      case "TurnInterrupted" -> new SessionEvent.TurnInterrupted(messageId(map), end(map));
      case "TranscriptSaved" -> new SessionEvent.TranscriptSaved(map.number("bytes"));
      case "ContextRestored" ->
          new SessionEvent.ContextRestored(map.text("fidelity"), map.optionalText("message"));
      default -> new SessionEvent.Unknown(type, map.all());
    };
  }

  private static MessageId messageId(Fields map) {
    return map.parsed("messageId", MessageId::new);
  }

  private static List<MessageId> order(Fields map) {
    List<MessageId> order = new ArrayList<>();
    for (String id : map.texts("order")) {
      order.add(map.at("order", () -> new MessageId(id)));
    }
    return order;
  }

  private static ConversationMetadata metadata(Fields map) {
    Fields usage = map.optionalObject("usage");
    return new ConversationMetadata(
        usage == null
            ? null
            : new Usage(
                usage.number("inputTokens"),
                usage.number("outputTokens"),
                usage.number("cacheReadTokens"),
                usage.number("cacheWriteTokens")),
        map.optionalDecimal("costUsd"),
        map.optionalText("model"));
  }

  private static PermissionRequest request(Fields map) {
    List<Map<String, Object>> suggestions = new ArrayList<>();
    map.objects("suggestions").forEach(suggestion -> suggestions.add(suggestion.all()));
    return new PermissionRequest(
        map.text("requestId"),
        map.text("toolName"),
        map.values("input"),
        map.optionalText("toolUseId"),
        suggestions);
  }

  private static PermissionAnswer answer(Fields map) {
    return new PermissionAnswer(
        map.text("requestId"),
        map.flag("allowed"),
        map.optionalValues("updatedInput"),
        map.optionalText("message"),
        map.text("decidedBy"));
  }

  private static RuntimeState state(Fields map) {
    Fields sandbox = map.optionalObject("sandbox");
    return new RuntimeState(
        map.flag("loaded"),
        sandbox == null ? null : sandbox(sandbox),
        map.optionalParsed("activeTurn", TurnId::new),
        map.optionalInstant("turnStartedAt"),
        map.smallNumber("queued"));
  }

  private static SandboxState sandbox(Fields map) {
    return new SandboxState(
        map.optionalText("id"),
        map.text("provider"),
        map.choice("status", SandboxStatus.class),
        map.optionalText("message"),
        map.smallNumber("restarts"),
        map.optionalInstant("lastHealthCheck"),
        map.optionalText("lastError"));
  }

  private static @Nullable RangeStart range(@Nullable Fields map) {
    return map == null
        ? null
        : new RangeStart(
            map.text("sandboxId"),
            map.text("processId"),
            map.number("stdoutOffset"),
            map.number("stdinOffset"),
            map.text("architecture"),
            map.text("decoderVersion"));
  }

  private static @Nullable RangeEnd end(Fields map) {
    Fields end = map.optionalObject("end");
    return end == null
        ? null
        : new RangeEnd(
            end.number("stdoutOffset"), end.number("stdinOffset"), end.values("protocol"));
  }
}
