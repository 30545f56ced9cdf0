// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.TranscriptWrite;
import io.agentruntime.testkit.TestClock;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.persistence.FaultyPersistence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Here, because the fake needs a store with events to wrap. */
final class FaultyPersistenceTest {
  private static final SessionId ID = new SessionId("s");
  private static final Duration SOON = Duration.ofSeconds(60);

  private final TestClock clock = new TestClock();
  private final FaultyPersistence store = new FaultyPersistence(new InMemoryPersistenceAdapter());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Path folder;

  FaultyPersistenceTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void open() throws InterruptedException {
    store.open(TestProviderContext.in(folder, clock));
    store.createSessionRecord(
        new SessionRecord(ID, "x", "p", Map.of(), clock.instant(), null, null, Map.of(), null));
  }

  @AfterEach
  void close() {
    store.close();
    threads.close();
  }

  private AppendResult append(long last) throws InterruptedException {
    EventEnvelope event =
        new EventEnvelope(
            1,
            ID,
            last + 1,
            ConversationId.MAIN,
            null,
            EventEnvelope.NOT_PROTOCOL,
            clock.instant(),
            new SessionEvent.TranscriptSaved(1));
    AppendBatch batch = new AppendBatch(ID, LeaseEpoch.NONE, last, List.of(event));
    return store.events().append(List.of(batch)).getFirst();
  }

  private void write() throws InterruptedException {
    store.saveTranscript(new TranscriptWrite(ID, LeaseEpoch.NONE, "x", null));
  }

  private static void assertUnavailable(ThrowingCallable call) {
    AgentRuntimeException failure = catchThrowableOfType(AgentRuntimeException.class, call);
    assertThat(failure.code()).isEqualTo(StandardError.STORE_UNAVAILABLE);
  }

  @Test
  void theNextAppendsFailAndTheOneAfterThemWorks() throws InterruptedException {
    store.failAppends(2);
    assertThat(append(0)).isInstanceOf(AppendResult.Failed.class);
    assertThat(append(0)).isInstanceOf(AppendResult.Failed.class);
    write();
    assertThat(append(0)).isEqualTo(new AppendResult.Appended(1));
  }

  @Test
  void aLostReplyHidesAnAppendThatHappened() throws InterruptedException {
    store.loseReplies(1);
    assertThat(append(0)).isInstanceOf(AppendResult.Failed.class);
    assertThat(append(0)).isEqualTo(new AppendResult.Conflict(1));
  }

  @Test
  void allWritesFailUntilHealedAndReadsGoOn() throws InterruptedException {
    store.failWrites();
    assertThat(append(0)).isInstanceOf(AppendResult.Failed.class);
    assertUnavailable(this::write);
    assertUnavailable(() -> store.deleteSession(ID));
    assertThat(store.loadSession(ID)).isPresent();
    store.heal();
    write();
    assertThat(append(0)).isEqualTo(new AppendResult.Appended(1));
  }

  @Test
  void readsAndLeasesFailOnTheirOwn() throws InterruptedException {
    store.failReads();
    store.failLeases();
    assertUnavailable(() -> store.loadSession(ID));
    assertUnavailable(() -> store.events().last(ID));
    assertUnavailable(() -> store.leases().acquire(ID, "a", SOON));
    write();
  }

  @Test
  void appendsHangUntilHealed() throws Exception {
    store.hangAppends();
    Future<AppendResult> hanging = threads.submit(() -> append(0));
    store.awaitHangingAppends(1, SOON);
    assertThat(hanging.isDone()).isFalse();
    assertThat(store.events().last(ID)).isZero();
    store.heal();
    assertThat(hanging.get(60, TimeUnit.SECONDS)).isEqualTo(new AppendResult.Appended(1));
  }

  @Test
  void whatHangsEndsWhenItsThreadIsInterrupted() throws Exception {
    store.hangWrites();
    Future<String> hanging =
        threads.submit(
            () -> {
              try {
                write();
                return "written";
              } catch (InterruptedException e) {
                return "interrupted";
              }
            });
    store.awaitHangingWrites(1, SOON);
    threads.shutdownNow();
    assertThat(hanging.get(60, TimeUnit.SECONDS)).isEqualTo("interrupted");
  }

  @Test
  void closingSetsFreeWhatHangs() throws Exception {
    store.hangAppends();
    Future<AppendResult> hanging = threads.submit(() -> append(0));
    store.awaitHangingAppends(1, SOON);
    store.close();
    try {
      hanging.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      // Whether the append came before the end of the store is a race that both may win.
      assertThat(e).hasCauseInstanceOf(AgentRuntimeException.class);
    }
  }
}
