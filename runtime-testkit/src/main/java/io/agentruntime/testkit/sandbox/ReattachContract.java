// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static io.agentruntime.spi.sandbox.SandboxCapability.REATTACH;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.NetworkMode;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.spi.sandbox.SandboxResources;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sandboxes outlive the server: {@code REATTACH}. */
interface ReattachContract extends SandboxTopic {
  @Test
  default void theListShowsNameLabelsAndTime() throws Exception {
    if (!isDeclared()) {
      return;
    }
    Map<String, String> labels = Map.of("session", "s-1", "generation", "2");
    String name = SandboxBench.unique("listed");
    SandboxSpec spec =
        new SandboxSpec(
            name,
            labels,
            Map.of("KEY", "hidden"),
            SandboxResources.DEFAULT,
            NetworkMode.DEFAULT,
            null);
    assertThat(bench().provider().list()).isEmpty();
    Sandbox sandbox = bench().create(spec);
    assertThat(bench().anotherProvider().list())
        .singleElement()
        .satisfies(
            (SandboxListing listed) -> {
              assertThat(listed.id()).isEqualTo(sandbox.id());
              assertThat(listed.name()).isEqualTo(name);
              assertThat(listed.labels()).isEqualTo(labels);
              assertThat(listed.running()).isTrue();
              assertThat(Duration.between(listed.createdAt(), Instant.now()).abs())
                  .isLessThan(Duration.ofMinutes(5));
            });
  }

  @Test
  default void theListShowsNothingOfOtherRuntimes() throws Exception {
    if (!isDeclared()) {
      return;
    }
    SandboxProvider stranger = bench().strangeProvider();
    Sandbox theirs = bench().create(stranger, SandboxSpec.named(SandboxBench.unique("theirs")));
    Sandbox ours = bench().sandbox();
    assertThat(bench().provider().list()).extracting(SandboxListing::id).containsExactly(ours.id());
    assertThat(stranger.list()).extracting(SandboxListing::id).containsExactly(theirs.id());
  }

  @Test
  default void theSameNameInAnotherRuntimeIsAnotherSandbox() throws Exception {
    if (!isDeclared()) {
      return;
    }
    SandboxSpec spec = SandboxSpec.named(SandboxBench.unique("shared"));
    Sandbox ours = bench().create(spec);
    Sandbox theirs = bench().create(bench().strangeProvider(), spec);
    assertThat(ours.isAlive()).isTrue();
    assertThat(theirs.isAlive()).isTrue();
    assertThat(ours.id()).isNotEqualTo(theirs.id());
  }

  @Test
  default void anUnknownSandboxIsLost() {
    if (!isDeclared()) {
      return;
    }
    SandboxBench.assertRefused(
        StandardError.SANDBOX_LOST, () -> bench().provider().attach("no-such-sandbox"));
  }

  @Test
  default void aTerminatedSandboxCannotBeAttached() throws Exception {
    if (!isDeclared()) {
      return;
    }
    String id = bench().sandbox().id();
    bench().sandbox().terminate();
    SandboxBench.assertRefused(StandardError.SANDBOX_LOST, () -> bench().provider().attach(id));
    assertThat(bench().provider().list()).isEmpty();
  }

  @Test
  default void theProviderEndsASandboxByItsIdAndIsContentWhenThereIsNone() throws Exception {
    if (!isDeclared()) {
      return;
    }
    Sandbox sandbox = bench().sandbox();
    bench().provider().terminate(sandbox.id());
    assertThat(sandbox.isAlive()).isFalse();
    assertThat(bench().provider().list()).isEmpty();
    bench().provider().terminate(sandbox.id());
    bench().provider().terminate("no-such-sandbox");
  }

  @Test
  default void aProcessGoesOnWhenItsServerIsGone() throws Exception {
    if (!isDeclared()) {
      return;
    }
    SandboxProvider old = bench().anotherProvider();
    Sandbox before = bench().create(old, SandboxSpec.named(SandboxBench.unique("outlives")));
    SandboxProcess process = bench().start(before, bench().programs().cat());
    process.writeStdin(0, SandboxBench.utf8("one\n"));
    bench().awaitOutput(process, "one\n");
    old.close();

    Sandbox after = bench().anotherProvider().attach(before.id());
    assertThat(after.paths()).isEqualTo(before.paths());
    SandboxProcess again = after.process(process.id());
    assertThat(again.exit()).isEmpty();
    assertThat(again.writeStdin(0, SandboxBench.utf8("one\ntwo\n"))).isEqualTo(8);
    again.closeStdin();
    assertThat(bench().end(again)).isZero();
    assertThat(bench().output(again)).isEqualTo("one\ntwo\n");
    after.terminate();
  }

  @Test
  default void anEndedProcessIsFoundByTheNextServer() throws Exception {
    if (!isDeclared()) {
      return;
    }
    SandboxProcess process = bench().start(bench().programs().print("text", "trouble"));
    bench().end(process);
    Sandbox again = bench().anotherProvider().attach(bench().sandbox().id());
    SandboxProcess found = again.process(process.id());
    assertThat(bench().end(found)).isZero();
    assertThat(bench().output(found)).isEqualTo("text");
    assertThat(bench().errors(found)).isEqualTo("trouble");
  }

  @Test
  default void startingAgainAfterReattachmentRunsNothingTwice() throws Exception {
    if (!isDeclared()) {
      return;
    }
    Sandbox sandbox = bench().sandbox();
    var spec = bench().spec(sandbox, bench().programs().print("once", ""));
    bench().end(sandbox.start(spec));
    Sandbox again = bench().anotherProvider().attach(sandbox.id());
    assertThat(bench().output(again.start(spec))).isEqualTo("once");
  }

  private boolean isDeclared() {
    SandboxProvider provider = bench().provider();
    bench().canOrRefuses(REATTACH, () -> provider.attach("any"));
    return bench().canOrRefuses(REATTACH, provider::list);
  }
}
