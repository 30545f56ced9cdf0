// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.TranscriptChunk;
import io.agentruntime.spi.persistence.TranscriptWrite;
import io.agentruntime.testkit.DocsTable;
import io.agentruntime.testkit.TestClock;
import io.agentruntime.testkit.TestProviderContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemoryLimitsTest {
  private final TestClock clock = new TestClock();
  private final InMemoryPersistenceAdapter adapter = new InMemoryPersistenceAdapter();
  private final Path folder;

  MemoryLimitsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private void open(long perSession, long total) {
    adapter.open(
        TestProviderContext.in(folder, clock)
            .with(
                Map.of(
                    "max-session-bytes", String.valueOf(perSession),
                    "max-total-bytes", String.valueOf(total))));
  }

  private SessionId session(String id) {
    SessionId session = new SessionId(id);
    adapter.createSessionRecord(
        new SessionRecord(
            session, "x", "p", Map.of(), clock.instant(), null, null, Map.of(), null));
    return session;
  }

  private static AppendBatch batch(SessionId id, long last, int characters) {
    SessionEvent event =
        new SessionEvent.BlockDelta(new BlockId("b"), DeltaField.TEXT, "x".repeat(characters));
    return new AppendBatch(
        id,
        LeaseEpoch.NONE,
        last,
        List.of(
            new EventEnvelope(
                1, id, last + 1, ConversationId.MAIN, null, -1, new TestClock().instant(), event)));
  }

  private void assertRefused(ThrowingCallable write, String setting) {
    AgentRuntimeException refusal = catchThrowableOfType(AgentRuntimeException.class, write);
    assertThat(refusal.code()).isEqualTo(StandardError.LIMIT_EXCEEDED);
    assertThat(refusal).hasMessageContaining(setting);
  }

  @Test
  void aSessionAtItsLimitTakesNoMoreAndKeepsWhatItHas() throws Exception {
    open(20_000, 1_000_000);
    SessionId id = session("a");
    assertThat(adapter.events().append(List.of(batch(id, 0, 5_000))))
        .containsExactly(new AppendResult.Appended(1));
    AppendResult refused = adapter.events().append(List.of(batch(id, 1, 5_000))).getFirst();
    assertThat(refused).isInstanceOf(AppendResult.Failed.class);
    AgentRuntimeException error = ((AppendResult.Failed) refused).error();
    assertThat(error.code()).isEqualTo(StandardError.LIMIT_EXCEEDED);
    assertThat(error).hasMessageContaining("max-session-bytes").hasMessageContaining("session a");
    assertThat(adapter.events().last(id)).isEqualTo(1);
    assertThat(adapter.events().append(List.of(batch(id, 1, 10))))
        .containsExactly(new AppendResult.Appended(2));
    assertRefused(
        () ->
            adapter.saveTranscript(
                new TranscriptWrite(id, LeaseEpoch.NONE, "x".repeat(9000), null)),
        "max-session-bytes");
    assertRefused(
        () ->
            adapter
                .transcripts()
                .write(new TranscriptChunk(id, LeaseEpoch.NONE, "t", 0, new byte[20_000])),
        "max-session-bytes");
    assertThat(adapter.transcripts().list(id)).isEmpty();
    byte[] blob = new byte[20_000];
    assertRefused(
        () -> adapter.workspaces().put(id, ContentHash.of(blob), Content.of(blob)),
        "max-session-bytes");
  }

  @Test
  void allSessionsTogetherAreLimitedAndDeletionMakesRoom() throws Exception {
    open(1_000_000, 30_000);
    SessionId one = session("a");
    SessionId other = session("b");
    adapter.saveTranscript(new TranscriptWrite(one, LeaseEpoch.NONE, "x".repeat(10_000), null));
    TranscriptWrite second = new TranscriptWrite(other, LeaseEpoch.NONE, "x".repeat(10_000), null);
    assertRefused(() -> adapter.saveTranscript(second), "max-total-bytes");
    adapter.deleteSession(one);
    adapter.saveTranscript(second);
    assertRefused(
        () -> adapter.profiles().save(AgentProfile.named("p", "x".repeat(20_000))),
        "max-total-bytes");
  }

  @Test
  void whatIsReplacedOrDroppedIsGivenBack() throws IOException, InterruptedException {
    open(30_000, 1_000_000);
    SessionId id = session("a");
    for (int i = 0; i < 50; i++) {
      adapter.saveTranscript(new TranscriptWrite(id, LeaseEpoch.NONE, "x".repeat(4_000), null));
      adapter
          .transcripts()
          .write(new TranscriptChunk(id, LeaseEpoch.NONE, "t", 0, new byte[4_000]));
      byte[] blob = new byte[4_000];
      blob[0] = (byte) i;
      adapter.workspaces().put(id, ContentHash.of(blob), Content.of(blob));
      adapter.workspaces().saveManifest(id, LeaseEpoch.NONE, Manifest.EMPTY);
      adapter.workspaces().saveManifest(id, LeaseEpoch.NONE, Manifest.EMPTY);
    }
    assertThat(adapter.transcripts().list(id).getFirst().size()).isEqualTo(4_000);
  }

  @Test
  void aLimitThatIsNoNumberIsRefusedByName() {
    TestProviderContext context = TestProviderContext.in(folder, clock);
    for (String value : new String[] {"lots", "0", "-1", ""}) {
      assertThatThrownBy(
              () ->
                  new InMemoryPersistenceAdapter()
                      .open(context.with(Map.of("max-total-bytes", value))))
          .hasMessageContaining("max-total-bytes");
    }
  }

  @Test
  void anInstanceIsOpenedOnce() {
    open(1, 1);
    assertThatThrownBy(() -> open(1, 1)).hasMessageContaining("opened before");
    adapter.close();
    assertThatThrownBy(() -> open(1, 1)).hasMessageContaining("opened before");
  }

  @Test
  void theProviderIsFoundByItsService() {
    assertThat(ServiceLoader.load(PersistenceAdapter.class))
        .anyMatch(found -> found.id().equals("memory"));
  }

  @Test
  void theDocumentedSettingsAreThoseThatAreRead() throws IOException {
    assertThat(DocsTable.read("persistence.md", "| setting |").keySet())
        .containsExactlyInAnyOrder(MemoryLimits.PER_SESSION, MemoryLimits.TOTAL);
    assertThat(DocsTable.read("persistence.md", "| setting |").get(MemoryLimits.PER_SESSION))
        .isEqualTo(
            String.valueOf(MemoryLimits.of(TestProviderContext.in(folder, clock)).perSession()));
  }
}
