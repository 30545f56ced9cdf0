// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.event;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.support.json.BlockMaps;
import io.agentruntime.support.json.EventMaps;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class GoldenEventsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GOLDEN = "/golden/events-v1/";

  @TestFactory
  Stream<DynamicTest> everyEventIsReadFromItsGoldenFileAndWrittenBackTheSame() {
    return EventSamples.events().entrySet().stream()
        .map(sample -> DynamicTest.dynamicTest(sample.getKey(), () -> checkGolden(sample)));
  }

  private static void checkGolden(Map.Entry<String, SessionEvent> sample) throws IOException {
    EventEnvelope envelope =
        EventSamples.envelope(1, sample.getValue(), !sample.getKey().endsWith(".minimal"));
    Map<String, ?> golden = golden(sample.getKey(), envelope);
    assertThat(EventMaps.readEnvelope(golden)).isEqualTo(envelope);
    assertThat(JSON.readTree(JSON.writeValueAsString(EventMaps.write(envelope))))
        .isEqualTo(JSON.readTree(JSON.writeValueAsString(golden)));
  }

  /** Golden files are never changed; a new event's file is written with -Dgolden.write=folder. */
  private static Map<String, ?> golden(String name, EventEnvelope envelope) throws IOException {
    try (InputStream in = GoldenEventsTest.class.getResourceAsStream(GOLDEN + name + ".json")) {
      if (in != null) {
        return JSON.readValue(
            in, JSON.getTypeFactory().constructMapType(Map.class, String.class, Object.class));
      }
    }
    String folder = System.getProperty("golden.write");
    if (folder != null) {
      Path file = Path.of(folder, name + ".json");
      Files.writeString(
          file,
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(EventMaps.write(envelope))
              + "\n");
    }
    throw new AssertionError("no golden file " + name + ".json");
  }

  @Test
  void everyKindOfEventAndBlockHasAGoldenFile() {
    Set<String> events = new TreeSet<>();
    EventSamples.events().values().forEach(event -> events.add(EventMaps.typeOf(event)));
    assertThat(events).isEqualTo(variants(SessionEvent.class));
    Set<String> blocks = new TreeSet<>();
    EventSamples.blocks().values().forEach(block -> blocks.add(block.getClass().getSimpleName()));
    assertThat(blocks).isEqualTo(variants(Block.class));
  }

  private static Set<String> variants(Class<?> sealed) {
    Set<String> names = new TreeSet<>();
    for (Class<?> variant : sealed.getPermittedSubclasses()) {
      if (variant.isSealed()) {
        names.addAll(variants(variant));
      } else {
        names.add(variant.getSimpleName());
      }
    }
    return names;
  }

  @Test
  void aFieldThatALaterVersionAddedIsIgnoredAtEveryLevel() {
    EventSamples.events()
        .forEach(
            (name, event) -> {
              EventEnvelope envelope = EventSamples.envelope(EventEnvelope.SCHEMA, event, true);
              Map<String, Object> map = new LinkedHashMap<>(EventMaps.write(envelope));
              Map<String, Object> fields = new LinkedHashMap<>(EventMaps.write(event));
              map.put("later", List.of(1));
              fields.put("later", Map.of("x", 1));
              map.put("event", fields);
              assertThat(EventMaps.readEnvelope(map)).as(name).isEqualTo(envelope);
            });
  }

  @Test
  void aMissingFieldIsNamedOrOptionalNeverADefect() {
    List<String> named = new ArrayList<>();
    EventSamples.events()
        .forEach(
            (name, event) -> {
              Map<String, Object> fields = EventMaps.write(event);
              for (String field : fields.keySet()) {
                Map<String, Object> without = new LinkedHashMap<>(fields);
                without.remove(field);
                try {
                  assertThat(EventMaps.read(EventMaps.typeOf(event), without)).isNotNull();
                } catch (AgentRuntimeException e) {
                  assertThat(e.code()).isEqualTo(StandardError.STORE_CORRUPT);
                  assertThat(e).hasMessageContaining(field);
                  named.add(name + "." + field);
                }
              }
            });
    assertThat(named)
        .contains("BlockDelta.blockId", "TurnStarted.messageId", "BlockCompleted.block")
        .doesNotContain("TurnStarted.range", "TurnQueued.idempotencyKey");
  }

  @Test
  void aWrongFieldDeepInsideIsNamedByItsPath() {
    Map<String, Object> block =
        new LinkedHashMap<>(BlockMaps.write(requireNonNull(EventSamples.blocks().get("tool_use"))));
    block.put("toolStatus", "flying");
    assertThatThrownBy(() -> EventMaps.read("BlockStarted", Map.of("block", block)))
        .isInstanceOf(AgentRuntimeException.class)
        .hasMessageContaining("block.toolStatus")
        .hasMessageContaining("pending, running, success, error");
    block.put("toolStatus", "success");
    block.put("id", "../../etc");
    assertThatThrownBy(() -> EventMaps.read("BlockStarted", Map.of("block", block)))
        .hasMessageContaining("block.id");
  }

  @Test
  void anEventOfAnUnknownTypeIsKept() {
    Map<String, Object> map =
        new LinkedHashMap<>(
            EventMaps.write(
                EventSamples.envelope(
                    EventEnvelope.SCHEMA, new SessionEvent.TranscriptSaved(1), true)));
    map.put("type", "ComputerUpgraded");
    EventEnvelope read = EventMaps.readEnvelope(map);
    assertThat(read.event())
        .isEqualTo(new SessionEvent.Unknown("ComputerUpgraded", Map.of("bytes", 1L)));
    assertThat(EventMaps.readEnvelope(EventMaps.write(read))).isEqualTo(read);
  }

  @Test
  void anEventOfANewerSchemaThatCannotBeReadIsKeptAsUnknown() {
    Map<String, Object> map =
        new LinkedHashMap<>(
            EventMaps.write(
                EventSamples.envelope(
                    EventEnvelope.SCHEMA, new SessionEvent.TranscriptSaved(1), true)));
    map.put("event", Map.of("kilobytes", 1));
    assertThatThrownBy(() -> EventMaps.readEnvelope(map)).hasMessageContaining("bytes");
    map.put("schema", EventEnvelope.SCHEMA + 1);
    assertThat(EventMaps.readEnvelope(map).event())
        .isEqualTo(new SessionEvent.Unknown("TranscriptSaved", Map.of("kilobytes", 1)));
  }

  @Test
  void numbersAreReadWhateverTheJsonLibraryMadeOfThem() {
    for (Number number : new Number[] {7, 7L, 7.0, new java.math.BigDecimal("7.0")}) {
      assertThat(EventMaps.read("TranscriptSaved", Map.of("bytes", number)))
          .isEqualTo(new SessionEvent.TranscriptSaved(7));
    }
    for (Object wrong : new Object[] {7.5, Double.NaN, "7", new java.math.BigDecimal("1e30")}) {
      assertThatThrownBy(() -> EventMaps.read("TranscriptSaved", Map.of("bytes", wrong)))
          .hasMessageContaining("bytes: expected an integer");
    }
  }

  @Test
  void whatWasWrittenCannotBeChanged() {
    Map<String, Object> map =
        EventMaps.write(
            EventSamples.envelope(EventEnvelope.SCHEMA, new SessionEvent.TranscriptSaved(1), true));
    assertThatThrownBy(() -> map.put("seq", 2)).isInstanceOf(UnsupportedOperationException.class);
  }
}
