// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.event;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.RangeEnd;
import io.agentruntime.model.event.RangeStart;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SandboxState;
import io.agentruntime.model.session.SandboxStatus;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.DeliveryMode;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.model.turn.Usage;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One event of each kind with every field filled, and one with every optional field absent: for
 * tests of whatever stores, encodes or maps events. Their stored form is pinned by golden files.
 */
public final class EventSamples {
  /** The time in all samples. */
  public static final Instant AT = Instant.parse("2026-01-31T12:34:56.123456789Z");

  private static final MessageId MESSAGE = new MessageId("0a1b2c3d-0000-5000-8000-00000000abcd");
  private static final ConversationId SUBAGENT = new ConversationId("toolu_01");
  private static final Map<String, Object> JSON = json();
  private static final ContentHash HASH = ContentHash.of("päth\n".getBytes(StandardCharsets.UTF_8));

  private EventSamples() {}

  private static Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("text", "ünï \uD83D\uDE80 \"quoted\"\n");
    json.put("number", 42);
    json.put("fraction", 0.5);
    json.put("flag", true);
    json.put("nothing", null);
    json.put("list", List.of(1, "two", Map.of("three", 3)));
    return json;
  }

  private static BlockHeader header(String id, BlockStatus status) {
    return new BlockHeader(new BlockId(id), status, AT);
  }

  /** Every kind of block, by the name of its golden file. */
  public static Map<String, Block> blocks() {
    BlockHeader done = header("msg_01:0", BlockStatus.COMPLETE);
    BlockHeader bare = new BlockHeader(new BlockId("msg_01:0"), BlockStatus.PENDING, null);
    Map<String, Block> blocks = new LinkedHashMap<>();
    blocks.put(
        "user_message", new Block.UserMessage(done, new UserContent.Text("Hällo\r\n \u0000end")));
    blocks.put(
        "user_message.parts",
        new Block.UserMessage(
            bare,
            new UserContent.Parts(
                List.of(
                    new ContentPart.Text("look:"),
                    new ContentPart.Image(ContentPart.Source.BASE64, "AAEC", "image/png"),
                    new ContentPart.Image(ContentPart.Source.URL, "https://a.b/c.png", null)))));
    blocks.put("assistant_text", new Block.AssistantText(done, "Hi", "claude-x"));
    blocks.put("assistant_text.minimal", new Block.AssistantText(bare, "", null));
    blocks.put("thinking", new Block.Thinking(done, "Hm", "short"));
    blocks.put("thinking.minimal", new Block.Thinking(bare, "", null));
    blocks.put(
        "tool_use",
        new Block.ToolUse(done, "toolu_01", "Bash", JSON, ToolStatus.RUNNING, "Shell", "List"));
    blocks.put(
        "tool_use.minimal",
        new Block.ToolUse(bare, "toolu_01", "Bash", Map.of(), ToolStatus.PENDING, null, null));
    blocks.put("tool_result", new Block.ToolResult(done, "toolu_01", "out", true, 12L, JSON));
    blocks.put(
        "tool_result.minimal", new Block.ToolResult(bare, "toolu_01", "", false, null, Map.of()));
    blocks.put(
        "subagent",
        new Block.Subagent(
            header("toolu_01:subagent", BlockStatus.ERROR),
            "toolu_01",
            "agent-7",
            "explorer",
            "look around",
            "Look around.",
            ToolStatus.ERROR,
            "nothing",
            1234L));
    blocks.put(
        "subagent.minimal",
        new Block.Subagent(
            bare, "toolu_01", null, null, null, null, ToolStatus.SUCCESS, null, null));
    blocks.put("system", new Block.SystemNote(done, "session_start", "started", JSON));
    blocks.put("system.minimal", new Block.SystemNote(bare, "status", "", Map.of()));
    blocks.put("error", new Block.Failure(done, "overloaded", "529"));
    blocks.put("error.minimal", new Block.Failure(bare, "overloaded", null));
    blocks.put("skill_load", new Block.SkillLoad(done, "pdf", "# PDF"));
    blocks.put("unknown", new Block.Unknown(done, "hologram", JSON));
    // A native kind that bears the name of one of ours must not come back as ours.
    blocks.put("unknown.disguised", new Block.Unknown(bare, "user_message", Map.of()));
    return blocks;
  }

  /** Every kind of event, by the name of its golden file. */
  public static Map<String, SessionEvent> events() {
    Map<String, SessionEvent> events = new LinkedHashMap<>();
    blocks()
        .forEach((name, b) -> events.put("BlockStarted." + name, new SessionEvent.BlockStarted(b)));
    Block text = new Block.AssistantText(header("msg_01:0", BlockStatus.COMPLETE), "Hi", null);
    events.put("BlockUpdated", new SessionEvent.BlockUpdated(text));
    events.put("BlockCompleted", new SessionEvent.BlockCompleted(text));
    events.put(
        "BlockDelta",
        new SessionEvent.BlockDelta(new BlockId("msg_01:0"), DeltaField.TEXT, "\uD83D\uDE80 é"));
    events.put(
        "BlockDelta.input",
        new SessionEvent.BlockDelta(new BlockId("toolu_01"), DeltaField.INPUT, "{\"a\":"));
    events.put(
        "MetadataUpdated",
        new SessionEvent.MetadataUpdated(
            new ConversationMetadata(
                new Usage(1, 2, 3, 4_000_000_000L), new BigDecimal("0.01230"), "claude-x")));
    events.put(
        "MetadataUpdated.minimal", new SessionEvent.MetadataUpdated(ConversationMetadata.EMPTY));
    events.put(
        "SubagentDiscovered",
        new SessionEvent.SubagentDiscovered(SUBAGENT, "agent-7", "explorer", "look", "Look."));
    events.put(
        "SubagentDiscovered.minimal",
        new SessionEvent.SubagentDiscovered(SUBAGENT, null, null, null, null));
    events.put(
        "SubagentCompleted",
        new SessionEvent.SubagentCompleted(SUBAGENT, "agent-7", true, "nothing", 12L));
    events.put(
        "SubagentCompleted.minimal",
        new SessionEvent.SubagentCompleted(SUBAGENT, null, false, null, null));
    events.put("NativeSessionBound", new SessionEvent.NativeSessionBound("ses_01"));
    events.put(
        "PermissionRequested",
        new SessionEvent.PermissionRequested(
            new PermissionRequest("req-1", "Bash", JSON, "toolu_01", List.of(JSON, Map.of()))));
    events.put(
        "PermissionRequested.minimal",
        new SessionEvent.PermissionRequested(
            new PermissionRequest("req-1", "Bash", Map.of(), null, List.of())));
    events.put(
        "PermissionResolved",
        new SessionEvent.PermissionResolved(
            new PermissionAnswer("req-1", true, JSON, "go on", "client")));
    events.put(
        "PermissionResolved.minimal",
        new SessionEvent.PermissionResolved(
            new PermissionAnswer("req-1", false, null, null, "timeout")));
    events.put("ErrorRaised", new SessionEvent.ErrorRaised("AGENT_FAILED", "it failed", true));
    events.put("Unknown", new SessionEvent.Unknown("progress", JSON));
    events.put(
        "Unknown.disguised",
        new SessionEvent.Unknown("TurnCompleted", Map.of("type", "Unknown", "raw", "x")));
    session(events);
    files(events);
    turns(events);
    return events;
  }

  private static void session(Map<String, SessionEvent> events) {
    events.put(
        "StatusChanged",
        new SessionEvent.StatusChanged(
            new RuntimeState(
                true,
                new SandboxState(
                    "box-1", "docker", SandboxStatus.UNHEALTHY, "waiting", 2, AT, "no answer"),
                new TurnId("turn-1"),
                AT,
                3)));
    events.put(
        "StatusChanged.starting",
        new SessionEvent.StatusChanged(
            new RuntimeState(
                true,
                new SandboxState(null, "docker", SandboxStatus.STARTING, null, 0, null, null),
                null,
                null,
                0)));
    events.put("StatusChanged.minimal", new SessionEvent.StatusChanged(RuntimeState.UNLOADED));
    events.put("OptionsUpdated", new SessionEvent.OptionsUpdated(JSON));
    events.put("OptionsUpdated.minimal", new SessionEvent.OptionsUpdated(Map.of()));
    events.put("TranscriptSaved", new SessionEvent.TranscriptSaved(50_000_000_000L));
    events.put("ContextRestored", new SessionEvent.ContextRestored("none", "no transcript"));
    events.put("ContextRestored.minimal", new SessionEvent.ContextRestored("full", null));
  }

  private static void files(Map<String, SessionEvent> events) {
    events.put(
        "FileCreated",
        new SessionEvent.FileCreated(
            new WorkspaceFile(
                new WorkspacePath("src/päth.txt"), FileKind.REGULAR, 0755, 6, HASH, null)));
    events.put(
        "FileModified",
        new SessionEvent.FileModified(
            new WorkspaceFile(
                new WorkspacePath("link"), FileKind.SYMLINK, 0777, 0, null, "../etc/passwd")));
    events.put(
        "FileModified.directory",
        new SessionEvent.FileModified(
            new WorkspaceFile(
                new WorkspacePath("empty"), FileKind.DIRECTORY, 0700, 0, null, null)));
    events.put("FileDeleted", new SessionEvent.FileDeleted(new WorkspacePath("a/b c.txt")));
    events.put(
        "WorkspaceLimitReached",
        new SessionEvent.WorkspaceLimitReached(
            "maxFileBytes", new WorkspacePath("big.bin"), "too big"));
    events.put(
        "WorkspaceLimitReached.minimal",
        new SessionEvent.WorkspaceLimitReached("maxFiles", null, "too many"));
  }

  private static void turns(Map<String, SessionEvent> events) {
    RangeStart start = new RangeStart("box-1", "agent", 10, 20, "claude-agent-sdk", "1");
    RangeEnd end = new RangeEnd(30, 40, JSON);
    events.put(
        "TurnQueued",
        new SessionEvent.TurnQueued(
            MESSAGE,
            new UserContent.Parts(List.of(new ContentPart.Text("hi"))),
            DeliveryMode.INTERRUPT,
            "key",
            HASH.hex()));
    events.put(
        "TurnQueued.minimal",
        new SessionEvent.TurnQueued(
            MESSAGE, new UserContent.Text(""), DeliveryMode.QUEUE, null, HASH.hex()));
    events.put(
        "QueueReordered", new SessionEvent.QueueReordered(List.of(MESSAGE, new MessageId("m-2"))));
    events.put("QueueReordered.minimal", new SessionEvent.QueueReordered(List.of()));
    events.put("TurnCancelled", new SessionEvent.TurnCancelled(MESSAGE, "client"));
    events.put("TurnStarted", new SessionEvent.TurnStarted(MESSAGE, start));
    events.put("TurnStarted.minimal", new SessionEvent.TurnStarted(MESSAGE, null));
    events.put("InputApplied", new SessionEvent.InputApplied("turn", 1, 2, "AAEC", JSON));
    events.put("InputApplied.minimal", new SessionEvent.InputApplied("start", 0, 0, "", Map.of()));
    events.put("TurnCompleted", new SessionEvent.TurnCompleted(MESSAGE, 1500, end));
    events.put("TurnCompleted.minimal", new SessionEvent.TurnCompleted(MESSAGE, 0, null));
    events.put("TurnFailed", new SessionEvent.TurnFailed(MESSAGE, "TURN_TIMEOUT", "slow", end));
    events.put(
        "TurnFailed.minimal", new SessionEvent.TurnFailed(MESSAGE, "SANDBOX_LOST", "gone", null));
    events.put("TurnInterrupted", new SessionEvent.TurnInterrupted(MESSAGE, end));
    events.put("TurnInterrupted.minimal", new SessionEvent.TurnInterrupted(MESSAGE, null));
  }

  /**
   * An event in its place in a log.
   *
   * @param schema the version of the stored form
   * @param event the event
   * @param full whether the optional fields are there
   */
  public static EventEnvelope envelope(int schema, SessionEvent event, boolean full) {
    return new EventEnvelope(
        schema,
        new SessionId("11111111-2222-4333-8444-555555555555"),
        full ? 1234567890123L : 1,
        full ? SUBAGENT : ConversationId.MAIN,
        full ? new TurnId("turn-1") : null,
        full ? 7 : EventEnvelope.NOT_PROTOCOL,
        AT,
        event);
  }
}
