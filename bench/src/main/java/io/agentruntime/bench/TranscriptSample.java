// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import java.util.List;

/** Transcripts of Claude Code of any size, with the mixture of records that real ones have. */
final class TranscriptSample {
  private static final String FILLER = "lorem ipsum \\\"dolor\\\" sit amet \\n ".repeat(40);
  private static final String TURN =
      """
      {"type":"user","message":{"role":"user","content":"question %1$d"},"uuid":"u%1$d","promptSource":"sdk"}
      {"parentUuid":"u","type":"attachment","attachment":{"type":"listing","text":"%2$s"},"uuid":"x%1$d"}
      {"isSidechain":false,"message":{"id":"m%1$d","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"%2$s"}],"usage":{"input_tokens":5}},"apiBlockIndex":0,"type":"assistant","uuid":"a%1$d","timestamp":"2026-01-01T00:00:00Z"}
      {"isSidechain":false,"message":{"id":"m%1$d","role":"assistant","model":"m","content":[{"type":"tool_use","id":"t%1$d","name":"Bash","input":{"command":"ls"}}]},"apiBlockIndex":1,"type":"assistant","uuid":"b%1$d"}
      {"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t%1$d","content":"%2$s"}]},"uuid":"r%1$d","toolUseResult":{"stdout":"%2$s","interrupted":false}}
      {"type":"api-request","params":{"system":"%2$s%2$s"}}
      """;

  private TranscriptSample() {}

  /** The text of a session's own file, at least that long. */
  static String text(int bytes) {
    StringBuilder text = new StringBuilder(bytes + 64_000);
    for (int turn = 0; text.length() < bytes; turn++) {
      text.append(TURN.formatted(turn, FILLER));
    }
    return text.toString();
  }

  static Transcript transcript(int bytes) {
    return new Transcript(List.of(new TranscriptEntry("-workspace/s.jsonl", text(bytes))));
  }
}
