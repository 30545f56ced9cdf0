// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.core.RuntimeFixture;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.spi.sandbox.NetworkMode;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.spi.sandbox.SandboxResources;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.sandbox.FakeSandboxProvider;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrphanReaperTest {
  private static final String ME = "runtime/me";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z"})
  void whateverTheProvidersClockSaysOnlyWhatEarlierServersMadeEnds(String time) throws Exception {
    FakeSandboxProvider provider = new FakeSandboxProvider();
    provider.open(
        new TestProviderContext(
            "runtime", folder, InstantSource.fixed(Instant.parse(time)), Map.of()));
    create(provider, "older", Map.of());
    create(provider, "old", Map.of(SandboxPreparer.OWNER_LABEL, "runtime/earlier"));
    Sandbox mine = create(provider, "mine", Map.of(SandboxPreparer.OWNER_LABEL, ME));

    assertThat(OrphanReaper.reap(provider, OrphanReaper.madeBy(ME))).isEqualTo(2);

    assertThat(provider.live()).containsExactly(mine.id());
  }

  @Test
  void aServersOwnSandboxesNameIt() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("say hello"));
      RuntimeFixture.untilTurnEnds(session, 1);

      assertThat(fixture.sandboxes().list())
          .singleElement()
          .extracting(SandboxListing::labels)
          .satisfies(
              labels ->
                  assertThat(labels)
                      .containsEntry(SandboxPreparer.SESSION_LABEL, session.id().value())
                      .containsKey(SandboxPreparer.OWNER_LABEL));
    }
  }

  private static Sandbox create(SandboxProvider provider, String name, Map<String, String> labels)
      throws InterruptedException {
    return provider.create(
        new SandboxSpec(
            name, labels, Map.of(), SandboxResources.DEFAULT, NetworkMode.DEFAULT, null));
  }
}
