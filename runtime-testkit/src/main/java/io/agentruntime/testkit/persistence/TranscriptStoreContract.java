// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.TranscriptChunk;
import io.agentruntime.spi.persistence.TranscriptFile;
import io.agentruntime.spi.persistence.TranscriptStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

@Role(PersistenceCapability.TRANSCRIPTS)
abstract class TranscriptStoreContract extends RoleContract {
  private TranscriptStore store() {
    return adapter().transcripts();
  }

  private void write(SessionId id, LeaseEpoch epoch, String name, long offset, byte[] bytes)
      throws InterruptedException {
    store().write(new TranscriptChunk(id, epoch, name, offset, bytes));
  }

  private byte[] read(SessionId id, String name, long offset)
      throws IOException, InterruptedException {
    try (InputStream in = store().open(id, name, offset)) {
      return in.readAllBytes();
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aFileGrowsAndIsReadFromAnyOffset() throws IOException, InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    write(id, epoch, "main.jsonl", 0, utf8("first\n"));
    write(id, epoch, "main.jsonl", 6, utf8("second\n"));
    write(id, epoch, "main.jsonl", 13, utf8("third\n"));
    byte[] whole = utf8("first\nsecond\nthird\n");
    for (int offset = 0; offset <= whole.length; offset++) {
      assertThat(read(id, "main.jsonl", offset))
          .isEqualTo(Arrays.copyOfRange(whole, offset, whole.length));
    }
    assertThat(store().list(id)).containsExactly(new TranscriptFile("main.jsonl", whole.length));
  }

  @Test
  void charactersMayBeCutBetweenWrites() throws IOException, InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    byte[] bytes = utf8(UNICODE);
    for (int i = 0; i < bytes.length; i++) {
      write(id, epoch, "t", i, new byte[] {bytes[i]});
    }
    assertThat(new String(read(id, "t", 0), StandardCharsets.UTF_8)).isEqualTo(UNICODE);
  }

  @Test
  void bytesNeedNotBeText() throws IOException, InterruptedException {
    SessionId id = bench().session();
    write(id, bench().own(id), "t", 0, TestContents.binary());
    assertThat(read(id, "t", 0)).isEqualTo(TestContents.binary());
  }

  @Test
  void aWriteInsideTheFileCutsIt() throws IOException, InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    write(id, epoch, "t", 0, utf8("0123"));
    write(id, epoch, "t", 4, utf8("4567"));
    write(id, epoch, "t", 8, utf8("89"));
    write(id, epoch, "t", 6, utf8("x"));
    assertThat(read(id, "t", 0)).isEqualTo(utf8("012345x"));
    assertThat(read(id, "t", 5)).isEqualTo(utf8("5x"));
    write(id, epoch, "t", 4, utf8(""));
    assertThat(read(id, "t", 0)).isEqualTo(utf8("0123"));
    write(id, epoch, "t", 0, utf8("new"));
    assertThat(read(id, "t", 0)).isEqualTo(utf8("new"));
    assertThat(store().list(id)).containsExactly(new TranscriptFile("t", 3));
  }

  @Test
  void aWritePastTheEndIsRefusedAndChangesNothing() throws IOException, InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    assertRefused(StandardError.OFFSET_MISMATCH, () -> write(id, epoch, "t", 1, utf8("x")));
    assertThat(store().list(id)).isEmpty();
    write(id, epoch, "t", 0, utf8("ab"));
    assertRefused(StandardError.OFFSET_MISMATCH, () -> write(id, epoch, "t", 3, utf8("x")));
    assertThat(read(id, "t", 0)).isEqualTo(utf8("ab"));
  }

  @Test
  void anEmptyFileIsListed() throws IOException, InterruptedException {
    SessionId id = bench().session();
    write(id, bench().own(id), "t", 0, new byte[0]);
    assertThat(store().list(id)).containsExactly(new TranscriptFile("t", 0));
    assertThat(read(id, "t", 0)).isEmpty();
  }

  @Test
  void readingWhatIsNotThereIsRefused() throws InterruptedException {
    SessionId id = bench().session();
    write(id, bench().own(id), "t", 0, utf8("ab"));
    assertRefused(StandardError.FILE_NOT_FOUND, () -> read(id, "u", 0));
    assertRefused(StandardError.FILE_NOT_FOUND, () -> read(NOBODY, "t", 0));
    assertRefused(StandardError.OFFSET_MISMATCH, () -> read(id, "t", 3));
    assertThat(store().list(NOBODY)).isEmpty();
  }

  @Test
  void anUnknownSessionIsRefused() {
    assertRefused(
        StandardError.SESSION_NOT_FOUND, () -> write(NOBODY, LeaseEpoch.NONE, "t", 0, utf8("x")));
  }

  @Test
  void filesAreListedInTheOrderOfTheirFirstWrite() throws IOException, InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    List<String> names =
        List.of("z.jsonl", "a/b c.jsonl", "A/b c.jsonl", "ünï/\uD83D\uDE80.jsonl", "%_'.json");
    for (String name : names) {
      write(id, epoch, name, 0, utf8(name));
    }
    write(id, epoch, "z.jsonl", 0, utf8("z"));
    assertThat(store().list(id)).extracting(TranscriptFile::name).isEqualTo(names);
    for (String name : names.subList(1, names.size())) {
      assertThat(read(id, name, 0)).isEqualTo(utf8(name));
    }
  }

  @Test
  void sessionsDoNotMix() throws IOException, InterruptedException {
    SessionId one = bench().session();
    SessionId other = bench().session();
    write(one, bench().own(one), "t", 0, utf8("one"));
    write(other, bench().own(other), "t", 0, utf8("other"));
    assertThat(read(one, "t", 0)).isEqualTo(utf8("one"));
    assertThat(store().list(other)).containsExactly(new TranscriptFile("t", 5));
  }

  @Test
  void manySmallWritesAddUp() throws IOException, InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int i = 0; i < 1000; i++) {
      byte[] line = utf8("{\"line\":" + i + "}\n");
      write(id, epoch, "t", expected.size(), line);
      expected.write(line);
    }
    assertThat(read(id, "t", 0)).isEqualTo(expected.toByteArray());
    assertThat(read(id, "t", expected.size() - 13)).isEqualTo(utf8("{\"line\":999}\n"));
  }

  @Test
  void aLargeFileIsReadAsAStream() throws IOException, InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    TestContents.Generated content = new TestContents.Generated(TestContents.LARGE);
    long offset = 0;
    try (InputStream in = content.open()) {
      byte[] chunk = in.readNBytes(4 << 20);
      while (chunk.length > 0) {
        write(id, epoch, "t", offset, chunk);
        offset += chunk.length;
        chunk = in.readNBytes(4 << 20);
      }
    }
    assertThat(store().list(id)).containsExactly(new TranscriptFile("t", TestContents.LARGE));
    assertThat(TestContents.hash(store().open(id, "t", 0))).isEqualTo(content.hash());
    try (InputStream in = store().open(id, "t", TestContents.LARGE - 3)) {
      assertThat(in.readAllBytes()).hasSize(3);
    }
  }

  @Test
  void manySessionsAreWrittenAtOnce() throws IOException, InterruptedException {
    List<SessionId> ids = new ArrayList<>();
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int t = 0; t < 20; t++) {
      SessionId id = bench().session();
      LeaseEpoch epoch = bench().own(id);
      ids.add(id);
      tasks.add(
          () -> {
            long offset = 0;
            for (int i = 0; i < 50; i++) {
              byte[] line = utf8(id + " " + i + "\n");
              write(id, epoch, "t", offset, line);
              offset += line.length;
            }
            return offset;
          });
    }
    List<Long> sizes = atOnce(tasks);
    for (int t = 0; t < 20; t++) {
      byte[] bytes = read(ids.get(t), "t", 0);
      assertThat(bytes).hasSize(sizes.get(t).intValue());
      assertThat(new String(bytes, StandardCharsets.UTF_8)).endsWith(ids.get(t) + " 49\n");
    }
  }
}
