// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.UserContent;
import java.time.Instant;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class StoredFormPropertyTest {
  @Property
  void everyBlockComesBackAsItWas(@ForAll("blocks") Block block) {
    assertThat(BlockMaps.read(BlockMaps.write(block))).isEqualTo(block);
  }

  @Property
  void everyEventComesBackAsItWas(@ForAll("events") SessionEvent event) {
    assertThat(EventMaps.read(EventMaps.typeOf(event), EventMaps.write(event))).isEqualTo(event);
  }

  /** Whatever a store hands back: a value, or a refusal that says the store is at fault. */
  @Property
  void noMapWhateverBreaksTheReader(
      @ForAll("types") String type, @ForAll("json") Map<String, Object> map) {
    try {
      assertThat(EventMaps.read(type, map)).isNotNull();
    } catch (AgentRuntimeException e) {
      assertThat(e.code()).isEqualTo(StandardError.STORE_CORRUPT);
    }
    try {
      assertThat(EventMaps.readEnvelope(map)).isNotNull();
    } catch (AgentRuntimeException e) {
      assertThat(e.code()).isEqualTo(StandardError.STORE_CORRUPT);
    }
    try {
      assertThat(ProfileMaps.read(map)).isNotNull();
    } catch (AgentRuntimeException e) {
      assertThat(e.code()).isEqualTo(StandardError.INVALID_ARGUMENT);
    }
  }

  @Provide
  Arbitrary<String> types() {
    return Arbitraries.of(
        "BlockStarted",
        "BlockDelta",
        "MetadataUpdated",
        "StatusChanged",
        "FileCreated",
        "TurnQueued",
        "QueueReordered",
        "TurnStarted",
        "PermissionRequested",
        "Unknown",
        "New");
  }

  @Provide
  Arbitrary<Map<String, Object>> json() {
    return json(3);
  }

  private static Arbitrary<Map<String, Object>> json(int depth) {
    Arbitrary<String> keys =
        Arbitraries.oneOf(
            Arbitraries.of(
                "block",
                "type",
                "id",
                "status",
                "field",
                "text",
                "file",
                "path",
                "content",
                "order",
                "messageId",
                "mode",
                "event",
                "schema",
                "seq",
                "range",
                "usage",
                "name",
                "skills",
                "tools",
                "customEntities",
                "mcpServers",
                "raw",
                "input"),
            Arbitraries.strings().ofMaxLength(3));
    return Arbitraries.maps(keys, value(depth)).ofMaxSize(8);
  }

  private static Arbitrary<Object> value(int depth) {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(4).asGeneric(),
            Arbitraries.of("pending", "text", "a/b", "2026-01-01T00:00:00Z", "x").asGeneric(),
            Arbitraries.integers().asGeneric(),
            Arbitraries.doubles().asGeneric(),
            Arbitraries.of(true, false).asGeneric());
    return depth == 0
        ? leaf
        : Arbitraries.oneOf(
            leaf, json(depth - 1).asGeneric(), value(depth - 1).list().ofMaxSize(3).asGeneric());
  }

  @Provide
  Arbitrary<SessionEvent> events() {
    Arbitrary<SessionEvent> deltas =
        Combinators.combine(ids(), Arbitraries.of(DeltaField.class), Arbitraries.strings())
            .as((id, field, text) -> new SessionEvent.BlockDelta(id, field, text));
    return Arbitraries.oneOf(
        deltas,
        blocks().map(SessionEvent.BlockStarted::new),
        blocks().map(SessionEvent.BlockCompleted::new),
        json(2).map(SessionEvent.OptionsUpdated::new),
        Combinators.combine(Arbitraries.strings(), json(2)).as(SessionEvent.Unknown::new));
  }

  @Provide
  Arbitrary<Block> blocks() {
    Arbitrary<String> texts = Arbitraries.strings();
    Arbitrary<String> perhaps = texts.injectNull(0.3);
    Arbitrary<Long> numbers = Arbitraries.longs().injectNull(0.3);
    Arbitrary<ToolStatus> tools = Arbitraries.of(ToolStatus.class);
    return Arbitraries.oneOf(
        Combinators.combine(headers(), contents()).as(Block.UserMessage::new),
        Combinators.combine(headers(), texts, perhaps).as(Block.AssistantText::new),
        Combinators.combine(headers(), texts, perhaps).as(Block.Thinking::new),
        Combinators.combine(headers(), texts, texts, json(2), tools, perhaps, perhaps)
            .as(Block.ToolUse::new),
        Combinators.combine(headers(), texts, texts, Arbitraries.of(true, false), numbers, json(2))
            .as(Block.ToolResult::new),
        Combinators.combine(headers(), texts, perhaps, perhaps, tools, perhaps, numbers)
            .as((h, a, b, c, tool, d, n) -> new Block.Subagent(h, a, b, c, d, b, tool, c, n)),
        Combinators.combine(headers(), texts, texts, json(2)).as(Block.SystemNote::new),
        Combinators.combine(headers(), texts, perhaps).as(Block.Failure::new),
        Combinators.combine(headers(), texts, texts).as(Block.SkillLoad::new),
        Combinators.combine(headers(), texts, json(2)).as(Block.Unknown::new));
  }

  private static Arbitrary<UserContent> contents() {
    Arbitrary<String> texts = Arbitraries.strings();
    Arbitrary<ContentPart> parts =
        Arbitraries.oneOf(
            texts.map(ContentPart.Text::new),
            Combinators.combine(
                    Arbitraries.of(ContentPart.Source.class), texts, texts.injectNull(0.5))
                .as(ContentPart.Image::new));
    return Arbitraries.oneOf(
        texts.map(UserContent.Text::new), parts.list().ofMaxSize(4).map(UserContent.Parts::new));
  }

  private static Arbitrary<BlockId> ids() {
    return Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(200).map(BlockId::new);
  }

  private static Arbitrary<BlockHeader> headers() {
    Arbitrary<Instant> times =
        Combinators.combine(
                Arbitraries.longs().between(-62_135_596_800L, 253_402_300_799L),
                Arbitraries.integers().between(0, 999_999_999))
            .as(Instant::ofEpochSecond)
            .injectNull(0.2);
    return Combinators.combine(ids(), Arbitraries.of(BlockStatus.class), times)
        .as(BlockHeader::new);
  }
}
