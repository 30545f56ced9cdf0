// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.TranscriptChunk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that appends to several sessions' logs and a transcript for ever, and prints what was
 * acknowledged, until it is killed: {@code folder engine}.
 */
final class CrashedWriter {
  static final int SESSIONS = 5;

  private CrashedWriter() {}

  static SessionId session(int number) {
    return new SessionId("crash-" + number);
  }

  static byte[] line(long number) {
    return ("line " + number + "\n").getBytes(StandardCharsets.UTF_8);
  }

  public static void main(String[] args) throws InterruptedException {
    TestStore store = TestStore.in(Path.of(args[0]), Engine.valueOf(args[1]));
    PersistenceAdapter adapter = store.open();
    long[] last = new long[SESSIONS];
    for (int i = 0; i < SESSIONS; i++) {
      if (adapter.loadSessionRecord(session(i)).isEmpty()) {
        adapter.createSessionRecord(TestStore.record(session(i).value()));
      }
      last[i] = adapter.events().last(session(i));
    }
    var files = adapter.transcripts().list(session(0));
    long size = files.isEmpty() ? 0 : files.getFirst().size();
    long lines = 0;
    while (true) {
      List<AppendBatch> batches = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        batches.add(
            TestStore.deltas(session(i), LeaseEpoch.NONE, last[i], 1 + (int) (last[i] % 7)));
      }
      List<AppendResult> results = adapter.events().append(batches);
      StringBuilder acknowledged = new StringBuilder("acknowledged");
      for (int i = 0; i < SESSIONS; i++) {
        if (!(results.get(i) instanceof AppendResult.Appended appended)) {
          throw new IllegalStateException(results.toString());
        }
        last[i] = appended.last();
        acknowledged.append(' ').append(last[i]);
      }
      byte[] line = line(lines++);
      adapter
          .transcripts()
          .write(new TranscriptChunk(session(0), LeaseEpoch.NONE, "t", size, line));
      size += line.length;
      // Whole lines: what the pipe holds of a killed writer's last one is no acknowledgement.
      System.out.println(acknowledged.append(' ').append(size).append(" ."));
    }
  }
}
