// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.EventStore;
import io.agentruntime.spi.persistence.FileRemoval;
import io.agentruntime.spi.persistence.FileWrite;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.RecordUpdate;
import io.agentruntime.spi.persistence.TranscriptChunk;
import io.agentruntime.spi.persistence.TranscriptWrite;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

@Role(PersistenceCapability.LEASES)
abstract class FencingContract extends RoleContract {
  private void assertFenced(ThrowingCallable write) {
    assertRefused(StandardError.FENCED, write);
  }

  /** Takes the session anew: the epoch from before is old now. */
  private LeaseEpoch newer(SessionId id) throws InterruptedException {
    return bench().own(id);
  }

  @Test
  void everyBasicWriteOfAnOlderOwnerIsRefused() throws InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch old = bench().own(id);
    adapter().saveTranscript(new TranscriptWrite(id, old, "kept", null));
    adapter().saveWorkspaceFile(new FileWrite(id, old, TestContents.file("a", new byte[] {1})));
    LeaseEpoch newest = newer(id);
    SessionUpdate update = SessionUpdate.activity(bench().clock.instant());
    for (LeaseEpoch late : List.of(old, LeaseEpoch.NONE)) {
      assertFenced(() -> adapter().updateSessionRecord(new RecordUpdate(id, late, update)));
      assertFenced(() -> adapter().saveTranscript(new TranscriptWrite(id, late, "x", null)));
      assertFenced(() -> adapter().saveTranscript(new TranscriptWrite(id, late, "x", "agent-1")));
      assertFenced(
          () ->
              adapter()
                  .saveWorkspaceFile(
                      new FileWrite(id, late, TestContents.file("a", new byte[] {2}))));
      assertFenced(
          () -> adapter().deleteSessionFile(new FileRemoval(id, late, new WorkspacePath("a"))));
    }
    var stored = adapter().loadSession(id).orElseThrow();
    assertThat(stored.record()).isEqualTo(bench().record(id));
    assertThat(requireNonNull(stored.transcript()).raw()).isEqualTo("kept");
    assertThat(stored.files()).hasSize(1);
    adapter().updateSessionRecord(new RecordUpdate(id, newest, update));
  }

  @Test
  void aReleasedOwnerMayStillWriteUntilThereIsANewerOne() throws InterruptedException {
    SessionId id = bench().session();
    var lease = adapter().leases().acquire(id, "a", Duration.ofMinutes(1)).orElseThrow();
    adapter().leases().release(lease);
    adapter().saveTranscript(new TranscriptWrite(id, lease.epoch(), "late", null));
    newer(id);
    assertFenced(() -> adapter().saveTranscript(new TranscriptWrite(id, lease.epoch(), "x", null)));
  }

  @Test
  void anExpiredOwnerMayStillWriteUntilThereIsANewerOne() throws InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    bench().clock.advance(Duration.ofDays(1));
    adapter().saveTranscript(new TranscriptWrite(id, epoch, "late", null));
  }

  @Test
  void appendsOfAnOlderOwnerAreRefused() throws InterruptedException {
    if (!bench().has(PersistenceCapability.EVENTS)) {
      return;
    }
    SessionId id = bench().session();
    LeaseEpoch old = bench().own(id);
    EventStore events = adapter().events();
    events.append(List.of(TestLog.deltas(id, old, 0, 2)));
    LeaseEpoch newest = newer(id);
    assertThat(events.append(List.of(TestLog.deltas(id, old, 2, 1))))
        .containsExactly(new AppendResult.Fenced(newest));
    assertThat(events.append(List.of(TestLog.deltas(id, old, 7, 1))))
        .as("a late writer learns that it is late, not that its number is wrong")
        .containsExactly(new AppendResult.Fenced(newest));
    assertThat(events.last(id)).isEqualTo(2);
    assertThat(events.append(List.of(TestLog.deltas(id, newest, 2, 1))))
        .containsExactly(new AppendResult.Appended(3));
    if (bench().has(PersistenceCapability.COMPACTION)) {
      assertFenced(() -> events.compact(id, old, 3));
    }
  }

  @Test
  void transcriptsAndManifestsOfAnOlderOwnerAreRefused() throws InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch old = bench().own(id);
    newer(id);
    if (bench().has(PersistenceCapability.TRANSCRIPTS)) {
      assertFenced(
          () -> adapter().transcripts().write(new TranscriptChunk(id, old, "t", 0, new byte[1])));
      assertThat(adapter().transcripts().list(id)).isEmpty();
    }
    if (bench().has(PersistenceCapability.WORKSPACES)) {
      assertFenced(() -> adapter().workspaces().saveManifest(id, old, Manifest.EMPTY));
      assertThat(adapter().workspaces().manifest(id)).isEmpty();
    }
  }

  @Test
  void onceASessionIsTakenNoWriteOfTheOldOwnerSucceedsNotEvenOneUnderWay() throws Exception {
    if (!bench().has(PersistenceCapability.EVENTS)) {
      return;
    }
    SessionId id = bench().session();
    EventStore events = adapter().events();
    for (int round = 0; round < 10; round++) {
      LeaseEpoch old = bench().own(id);
      AtomicLong next = new AtomicLong(events.last(id));
      AtomicBoolean stop = new AtomicBoolean();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<?> writer =
            threads.submit(
                () -> {
                  while (!stop.get()) {
                    var result =
                        events.append(List.of(TestLog.deltas(id, old, next.get(), 1))).getFirst();
                    if (!(result instanceof AppendResult.Appended appended)) {
                      return result;
                    }
                    next.set(appended.last());
                  }
                  return null;
                });
        newer(id);
        long last = events.last(id);
        Object ended = writer.get();
        stop.set(true);
        assertThat(ended).isInstanceOf(AppendResult.Fenced.class);
        assertThat(events.last(id)).isEqualTo(last);
        assertThat(next).hasValue(last);
      }
    }
  }
}
