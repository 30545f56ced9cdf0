// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.TranscriptCodec;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** How the time to decode a transcript grows with its size. */
final class TranscriptDecoding implements Bench.Measurement {
  private static final int MEGABYTE = 1 << 20;

  @Override
  public String question() {
    return "Is decoding a transcript linear in its size?";
  }

  @Override
  public Settings defaults() {
    return Settings.of(Map.of("runs", 7));
  }

  @Override
  public void run(Settings settings, Path folder, PrintStream out) {
    TranscriptCodec codec = claude().transcripts();
    Transcript warm = TranscriptSample.transcript(2 * MEGABYTE);
    for (int i = 0; i < 20; i++) {
      codec.decode(warm);
    }
    for (int megabytes : List.of(1, 10, 50)) {
      Transcript transcript = TranscriptSample.transcript(megabytes * MEGABYTE);
      Figures millis = new Figures();
      int blocks = 0;
      for (int run = 0; run < settings.get("runs"); run++) {
        long start = System.nanoTime();
        blocks = codec.decode(transcript).blocks().size();
        millis.add((System.nanoTime() - start) / 1e6);
      }
      out.printf(
          "%d MB, %d blocks: ms %s, %.2f ms/MB%n",
          megabytes, blocks, millis.spread(), millis.median() / megabytes);
    }
  }

  static AgentArchitecture claude() {
    return ServiceLoader.load(AgentArchitecture.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(architecture -> architecture.id().equals("claude-agent-sdk"))
        .findFirst()
        .orElseThrow();
  }
}
