// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.AgentProtocol;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Long conversations cost time in proportion to their length. */
class ScaleTest {
  private static final int MEGABYTE = 1 << 20;

  /**
   * A transcript of about that many characters, with the mixture of records that real ones have.
   */
  static Transcript transcript(int size) {
    StringBuilder text = new StringBuilder(size + 64_000);
    String filler = "lorem ipsum \\\"dolor\\\" sit amet \\n ".repeat(40);
    for (int turn = 0; text.length() < size; turn++) {
      text.append(
          """
          {"type":"user","message":{"role":"user","content":"question %d"},"uuid":"u%d","promptSource":"sdk"}
          {"parentUuid":"u","type":"attachment","attachment":{"type":"listing","text":"%s"},"uuid":"x%d"}
          {"isSidechain":false,"message":{"id":"m%d","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"%s"}],"usage":{"input_tokens":5}},"apiBlockIndex":0,"type":"assistant","uuid":"a%d","timestamp":"2026-01-01T00:00:00Z"}
          {"isSidechain":false,"message":{"id":"m%d","role":"assistant","model":"m","content":[{"type":"tool_use","id":"t%d","name":"Bash","input":{"command":"ls"}}]},"apiBlockIndex":1,"type":"assistant","uuid":"b%d"}
          {"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t%d","content":"%s"}]},"uuid":"r%d","toolUseResult":{"stdout":"%s","interrupted":false}}
          {"type":"api-request","params":{"system":"%s%s"}}
          """
              .formatted(
                  turn, turn, filler, turn, turn, filler, turn, turn, turn, turn, turn, filler,
                  turn, filler, filler, filler));
    }
    return new Transcript(List.of(new TranscriptEntry("-workspace/s.jsonl", text.toString())));
  }

  private static double millis(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }

  /**
   * How many bytes a piece of work allocates: a measure of its steps that no busy machine changes.
   */
  private static long allocated(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void decodingIsLinearInTheSize() {
    Transcript small = transcript(MEGABYTE);
    Transcript large = transcript(8 * MEGABYTE);
    ClaudeTranscripts codec = new ClaudeTranscripts();
    codec.decode(small);

    long one = allocated(() -> codec.decode(small));
    long eight = allocated(() -> codec.decode(large));

    // Eight times the size; 64 times the work if it were quadratic.
    assertThat(eight).isLessThan(12 * one);
    // Most of a transcript is not decoded at all.
    assertThat(one).isLessThan(20L * MEGABYTE);
  }

  @Test
  void everyRecordOfALongTranscriptIsDecoded() {
    Conversation conversation = new ClaudeTranscripts().decode(transcript(MEGABYTE));
    assertThat(conversation.blocks().size() % 4).isZero();
    assertThat(conversation.blocks()).hasSizeGreaterThan(400);
  }

  private static String delta(int number) {
    return "{\"type\":\"stream_event\",\"event\":{\"type\":\"content_block_delta\",\"index\":0,"
        + "\"delta\":{\"type\":\"text_delta\",\"text\":\"word "
        + number
        + " \"}},\"session_id\":\"00000000-0000-4000-8000-000000000001\","
        + "\"parent_tool_use_id\":null,\"uuid\":\"bb03a3b1-1a34-4595-92a0-5606c86ecc20\","
        + "\"api_message_id\":\"msg_1\"}";
  }

  static int deltas(int count) {
    AgentProtocol protocol = new ClaudeArchitecture().protocol(Recordings.FOLDER.start());
    protocol.onStdout(
        "{\"type\":\"stream_event\",\"event\":{\"type\":\"message_start\",\"message\":"
            + "{\"id\":\"msg_1\",\"model\":\"m\"}},\"parent_tool_use_id\":null}");
    protocol.onStdout(
        "{\"type\":\"stream_event\",\"event\":{\"type\":\"content_block_start\",\"index\":0,"
            + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}},\"parent_tool_use_id\":null}");
    int emitted = 0;
    for (int i = 0; i < count; i++) {
      emitted += protocol.onStdout(delta(i)).emissions().size();
    }
    return emitted;
  }

  @Test
  void everyDeltaOfALongAnswerIsEmitted() {
    assertThat(deltas(200_000)).isEqualTo(200_001);
  }

  /** Prints figures for the documentation. */
  public static void main(String[] arguments) {
    ClaudeTranscripts codec = new ClaudeTranscripts();
    for (int round = 0; round < 3; round++) {
      for (int size : List.of(1, 10, 50)) {
        Transcript transcript = transcript(size * MEGABYTE);
        System.out.printf(
            "decode %d MB: %.0f ms, to and from the stored form: %.0f ms%n",
            size,
            millis(() -> codec.decode(transcript)),
            millis(() -> codec.fromStored(Recordings.SESSION, codec.toStored(transcript))));
      }
      System.out.printf("200000 deltas: %.0f ms%n", millis(() -> deltas(200_000)));
    }
  }
}
