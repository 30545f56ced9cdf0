// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.program;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.testkit.architecture.ProtocolInput;
import io.agentruntime.testkit.architecture.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a recording fit to be kept: only what the architecture reads, none of the texts that the
 * program writes for its model, no path of the machine. Stream and transcript go through the same
 * mapping, so that what they have in common stays common.
 *
 * <p>An architecture says in {@link #line} and {@link #record} what is left, best with a {@link
 * JsonWhitelist}. One sanitizer per recording; one thread at a time.
 */
public abstract class RecordingSanitizer {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Where the recording was made. */
  protected final AgentMachine machine;

  /** A sanitizer of what was recorded on {@code machine}. */
  protected RecordingSanitizer(AgentMachine machine) {
    this.machine = machine;
  }

  /** What is left of a recording. */
  public final Recording sanitize(Recording recording) {
    List<ProtocolInput> inputs = new ArrayList<>();
    for (ProtocolInput input : recording.inputs()) {
      switch (input) {
        case ProtocolInput.Line line ->
            line(object(line.text()))
                .ifPresent(left -> inputs.add(new ProtocolInput.Line(withoutPaths(write(left)))));
        case ProtocolInput.Exit exit ->
            inputs.add(
                new ProtocolInput.Exit(exit.code(), withoutPaths(stderr(exit.stderrTail()))));
        default -> inputs.add(input);
      }
    }
    List<TranscriptEntry> entries = new ArrayList<>();
    for (TranscriptEntry entry : recording.transcript().entries()) {
      entry(entry)
          .ifPresent(
              text ->
                  entries.add(new TranscriptEntry(entryName(entry.name()), withoutPaths(text))));
    }
    return new Recording(recording.name(), inputs, new Transcript(entries));
  }

  /** What is kept of a line of standard output; empty for one that is not kept. */
  protected abstract Optional<JsonNode> line(ObjectNode line);

  /** What is kept of a line of the transcript; empty for one that is not kept. */
  protected abstract Optional<JsonNode> record(ObjectNode record);

  /** What is kept of a file of the transcript: what is kept of its lines. */
  protected Optional<String> entry(TranscriptEntry entry) {
    StringBuilder lines = new StringBuilder();
    entry
        .content()
        .lines()
        .map(line -> record(object(line)))
        .flatMap(Optional::stream)
        .forEach(left -> lines.append(write(left)).append('\n'));
    return Optional.of(lines.toString());
  }

  /** The name of a file of the transcript, without what differs between recordings. */
  protected String entryName(String name) {
    return name;
  }

  /** What is kept of standard error: nothing. */
  protected String stderr(String tail) {
    return "";
  }

  /** A text with the machine's folders replaced by those of a sandbox. */
  protected String withoutPaths(String text) {
    return text.replace(machine.paths().workspace(), "/workspace")
        .replace(machine.paths().home(), "/home/agent")
        .replace(machine.paths().scratch(), "/scratch");
  }

  /** A JSON object; anything else fails, since nobody has said what is kept of it. */
  protected static ObjectNode object(String text) {
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
    throw new AssertionError("no JSON object: " + text);
  }

  private static String write(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree can be written", e);
    }
  }
}
