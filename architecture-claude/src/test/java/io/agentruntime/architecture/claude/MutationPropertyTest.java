package io.agentruntime.architecture.claude;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.testkit.architecture.ProtocolInput;
import io.agentruntime.testkit.architecture.Recording;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever becomes of the program's output, nothing throws and the state stays usable. */
class MutationPropertyTest {
  private static final List<Recording> RECORDINGS = Recordings.all();
  private static final int CHANGED_IN = 12;

  @Property(tries = 400)
  void aChangedStreamDoesNoHarm(@ForAll @IntRange(min = 0, max = 18) int index, @ForAll long seed) {
    Random random = new Random(seed);
    AgentProtocol protocol = new ClaudeArchitecture().protocol(Recordings.start());
    List<ProtocolInput> inputs = new ArrayList<>(RECORDINGS.get(index).inputs());
    if (random.nextInt(4) == 0) {
      Collections.shuffle(inputs, random);
    }
    for (ProtocolInput input : inputs) {
      switch (input) {
        case ProtocolInput.Line line -> protocol.onStdout(mutated(line.text(), random));
        case ProtocolInput.Turn turn -> protocol.onTurn(turn.input());
        case ProtocolInput.Interrupt interrupt -> protocol.interrupt();
        default -> {
          // Answers refer to questions that may be gone; that they are refused is tested elsewhere.
        }
      }
      if (random.nextInt(CHANGED_IN) == 0) {
        protocol.onStdout(randomText(random));
      }
    }
    protocol.onExit(new ExitStatus(random.nextInt(256)), randomText(random));
    Map<String, Object> snapshot = protocol.snapshot();
    assertThat(protocol.onExit(new ExitStatus(0), "").outcome()).isNull();
    assertThat(new ClaudeArchitecture().protocol(start(snapshot)).snapshot()).isEqualTo(snapshot);
  }

  private static io.agentruntime.spi.architecture.ProtocolStart start(
      Map<String, Object> snapshot) {
    return new io.agentruntime.spi.architecture.ProtocolStart(
        Recordings.SESSION, null, Profiles.plain(), Map.of(), true, 2, snapshot);
  }

  @Property(tries = 300)
  void aChangedTranscriptDoesNoHarm(
      @ForAll @IntRange(min = 0, max = 18) int index, @ForAll long seed) {
    Random random = new Random(seed);
    List<TranscriptEntry> entries = new ArrayList<>();
    for (TranscriptEntry entry : RECORDINGS.get(index).transcript().entries()) {
      List<String> lines = new ArrayList<>();
      entry.content().lines().forEach(line -> lines.add(mutated(line, random)));
      if (random.nextInt(4) == 0) {
        Collections.shuffle(lines, random);
      }
      entries.add(new TranscriptEntry(entry.name(), String.join("\n", lines)));
    }
    ClaudeTranscripts codec = new ClaudeTranscripts();
    Transcript transcript = new Transcript(entries);
    assertThat(codec.decode(transcript)).isNotNull();
    Transcript back = codec.fromStored(Recordings.SESSION, codec.toStored(transcript));
    assertThat(codec.decode(back).blocks()).isEqualTo(codec.decode(transcript).blocks());
  }

  private static String mutated(String line, Random random) {
    if (random.nextInt(CHANGED_IN) > 2) {
      return line;
    }
    return switch (random.nextInt(3)) {
      case 0 -> line.substring(0, random.nextInt(line.length() + 1));
      case 1 -> {
        int at = random.nextInt(Math.max(1, line.length()));
        yield line.substring(0, at) + (char) random.nextInt(0x10000) + line.substring(at);
      }
      default -> {
        JsonNode node = Json.object(line).orElseThrow();
        change(node, random);
        yield Json.write(node);
      }
    };
  }

  /** Puts a value of another kind somewhere. */
  private static void change(JsonNode node, Random random) {
    switch (node) {
      case ObjectNode object when !object.isEmpty() -> {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        if (object.get(name).isContainerNode() && random.nextInt(3) > 0) {
          change(object.get(name), random);
        } else if (random.nextInt(3) == 0) {
          object.remove(name);
        } else {
          object.set(name, value(random));
        }
      }
      case ArrayNode array when !array.isEmpty() -> {
        int index = random.nextInt(array.size());
        if (array.get(index).isContainerNode() && random.nextInt(3) > 0) {
          change(array.get(index), random);
        } else {
          array.set(index, value(random));
        }
      }
      default -> {
        // Nothing to change in an empty container.
      }
    }
  }

  private static JsonNode value(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> Json.MAPPER.getNodeFactory().nullNode();
      case 1 -> Json.MAPPER.getNodeFactory().numberNode(random.nextLong());
      case 2 -> Json.MAPPER.getNodeFactory().numberNode(random.nextDouble() * 1e300);
      case 3 -> Json.MAPPER.getNodeFactory().booleanNode(random.nextBoolean());
      case 4 -> Json.MAPPER.createObjectNode().put("x", 1);
      case 5 -> Json.MAPPER.createArrayNode().add("x").add(1);
      case 6 -> Json.MAPPER.getNodeFactory().textNode("main");
      default -> Json.MAPPER.getNodeFactory().textNode(randomText(random));
    };
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(300);
    for (int i = 0; i < length; i++) {
      text.append(
          (char) (random.nextInt(10) == 0 ? random.nextInt(0x10000) : ' ' + random.nextInt(95)));
    }
    return text.toString();
  }
}
