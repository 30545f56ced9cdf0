// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import io.agentruntime.model.event.SessionEvent.StatusChanged;
import io.agentruntime.model.event.SessionEvent.SubagentDiscovered;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SandboxState;
import io.agentruntime.model.session.SandboxStatus;
import io.agentruntime.support.json.BlockMaps;
import io.agentruntime.support.json.EventMaps;
import io.agentruntime.testkit.event.EventSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WireEventsTest {
  private static final Path REFERENCE = Path.of("../docs/events.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `(\\w+)`(?: \\((\\w+)\\))? \\| ([^|]*) \\| ([^|]*) \\| [^|]*\\|");
  private static final Pattern NAME = Pattern.compile("(\\()?`([a-z:]+)`\\)?");

  /** A line of the table: names that are always sent, and names that may be. */
  private record Row(List<String> flat, List<String> unified, List<String> maybe) {}

  @Test
  void theTableSaysWhatIsSentForEveryKindOfEvent() throws IOException {
    Map<String, Row> table = table();
    for (Map.Entry<String, SessionEvent> sample : EventSamples.events().entrySet()) {
      EventEnvelope envelope = envelope(sample.getValue());
      Row row = rowOf(table, sample.getValue());

      assertThat(names(FlatEvents.of(envelope, EventContext.NONE)))
          .as("flat %s", sample.getKey())
          .isEqualTo(row.flat());
      assertThat(types(UnifiedEvents.of(envelope, EventContext.NONE)))
          .as("unified %s", sample.getKey())
          .filteredOn(name -> !row.maybe().contains(name) || row.unified().contains(name))
          .isEqualTo(row.unified());
    }
  }

  @Test
  void theTableHasNoRowForWhatDoesNotExist() throws IOException {
    List<String> kinds =
        EventSamples.events().values().stream().map(EventMaps::typeOf).distinct().toList();

    assertThat(table().keySet())
        .extracting(key -> key.replaceFirst(" .*", ""))
        .containsOnlyElementsOf(kinds);
  }

  @Test
  void aChangeOfTheSandboxIsToldToUnifiedClientsByName() {
    StreamMemory memory = StreamMemory.ofUnknownPast();
    take(memory, new StatusChanged(RuntimeState.IDLE));

    assertThat(statusNames(memory, SandboxStatus.STARTING, "Preparing..."))
        .containsExactly("ee:creating", "status");
    assertThat(statusNames(memory, SandboxStatus.STARTING, "Preparing..."))
        .containsExactly("status");
    assertThat(statusNames(memory, SandboxStatus.STARTING, "Almost"))
        .containsExactly("ee:creating", "status");
    assertThat(statusNames(memory, SandboxStatus.READY, "Ready"))
        .containsExactly("ee:ready", "status");
    assertThat(statusNames(memory, SandboxStatus.TERMINATED, "Terminated: idle"))
        .containsExactly("ee:terminated", "status");
    assertThat(statusNames(memory, SandboxStatus.ERROR, "no engine"))
        .containsExactly("ee:error", "status");
  }

  @Test
  void theBlockOfASubagentIsShownToUnifiedClientsOnceTheyKnowOfIt() {
    StreamMemory memory = StreamMemory.ofUnknownPast();
    Block.Subagent begun = subagent(ToolStatus.PENDING);
    Block.Subagent called = subagent(ToolStatus.RUNNING);

    assertThat(unified(memory, new BlockStarted(begun))).isEmpty();
    assertThat(unified(memory, new BlockUpdated(called))).isEmpty();
    assertThat(unified(memory, discovered())).containsExactly("subagent:spawned", "block:upsert");
    assertThat(unified(memory, new BlockUpdated(called))).containsExactly("block:upsert");
    assertThat(unified(memory, new BlockCompleted(called))).containsExactly("block:upsert");
  }

  @Test
  void aSubagentThatNeverWorkedIsStillShownInTheEnd() {
    StreamMemory memory = StreamMemory.ofUnknownPast();
    unified(memory, new BlockStarted(subagent(ToolStatus.PENDING)));

    assertThat(unified(memory, new BlockCompleted(subagent(ToolStatus.ERROR))))
        .containsExactly("block:upsert");
  }

  @Test
  void clientsAreToldOfASubagentOnce() {
    StreamMemory memory = StreamMemory.ofUnknownPast();

    assertThat(names(FlatEvents.of(envelope(discovered()), memory.take(envelope(discovered())))))
        .containsExactly("session:subagent:discovered");
    assertThat(names(FlatEvents.of(envelope(discovered()), memory.take(envelope(discovered())))))
        .isEmpty();
    assertThat(unified(memory, discovered())).isEmpty();
  }

  @Test
  void everyEventSaysItsNumberAndSession() {
    for (SessionEvent event : EventSamples.events().values()) {
      EventEnvelope envelope = envelope(event);
      for (WireEvent flat : FlatEvents.of(envelope, EventContext.NONE)) {
        assertThat(flat.payload())
            .containsEntry("seq", envelope.seq())
            .containsEntry("sessionId", envelope.sessionId().value());
      }
      for (WireEvent unified : UnifiedEvents.of(envelope, EventContext.NONE)) {
        assertThat(unified.payload()).containsOnlyKeys("type", "payload", "context");
        assertThat(String.valueOf(unified.payload().get("context")))
            .contains("sessionId=" + envelope.sessionId(), "seq=" + envelope.seq(), "timestamp=");
      }
    }
  }

  private static List<String> statusNames(
      StreamMemory memory, SandboxStatus status, String message) {
    SandboxState sandbox = new SandboxState("s", "fake", status, message, 0, null, null);
    return unified(memory, new StatusChanged(new RuntimeState(true, sandbox, null, null, 0)));
  }

  private static SubagentDiscovered discovered() {
    return new SubagentDiscovered(new ConversationId("tool-1"), null, "helper", "d", "p");
  }

  private static Block.Subagent subagent(ToolStatus status) {
    return new Block.Subagent(
        BlockHeader.pending("subagent-block-tool-1"),
        "tool-1",
        null,
        "helper",
        "d",
        "p",
        status,
        null,
        null);
  }

  private static List<String> unified(StreamMemory memory, SessionEvent event) {
    return types(UnifiedEvents.of(envelope(event), take(memory, event)));
  }

  private static EventContext take(StreamMemory memory, SessionEvent event) {
    return memory.take(envelope(event));
  }

  private static EventEnvelope envelope(SessionEvent event) {
    return EventSamples.envelope(EventEnvelope.SCHEMA, event, true);
  }

  private static List<String> names(List<WireEvent> events) {
    return events.stream().map(WireEvent::name).toList();
  }

  private static List<String> types(List<WireEvent> events) {
    return events.stream().map(event -> String.valueOf(event.payload().get("type"))).toList();
  }

  private static Row rowOf(Map<String, Row> table, SessionEvent event) {
    String kind = EventMaps.typeOf(event);
    String variant =
        switch (event) {
          case BlockStarted e -> BlockMaps.typeOf(e.block());
          case BlockUpdated e -> BlockMaps.typeOf(e.block());
          case SessionEvent.BlockDelta e -> e.field() == DeltaField.TEXT ? "text" : "input";
          default -> "";
        };
    Row row = table.getOrDefault(kind + " " + variant, table.get(kind));
    return Objects.requireNonNull(row, () -> "no row for " + kind + " " + variant);
  }

  private static Map<String, Row> table() throws IOException {
    Map<String, Row> table = new TreeMap<>();
    Matcher rows = ROW.matcher(Files.readString(REFERENCE));
    while (rows.find()) {
      String key = rows.group(2) == null ? rows.group(1) : rows.group(1) + " " + rows.group(2);
      List<String> maybe = new ArrayList<>();
      table.put(key, new Row(names(rows.group(3), maybe), names(rows.group(4), maybe), maybe));
    }
    assertThat(table).hasSizeGreaterThan(25);
    return table;
  }

  private static List<String> names(String cell, List<String> maybe) {
    List<String> names = new ArrayList<>();
    Matcher all = NAME.matcher(cell);
    while (all.find()) {
      (all.group(1) == null ? names : maybe).add(all.group(2));
    }
    return names;
  }
}
