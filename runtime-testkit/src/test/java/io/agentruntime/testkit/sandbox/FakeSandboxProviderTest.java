// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FakeSandboxProviderTest extends SandboxProviderContract {
  private final FakeSandboxProvider fake = FakeContractPrograms.register(new FakeSandboxProvider());

  @Override
  protected SandboxProvider newProvider() {
    return fake.restarted();
  }

  @Override
  protected ContractPrograms programs() {
    return new FakeContractPrograms();
  }

  @Override
  protected List<String> leftovers() {
    return fake.runningCommands().stream().map(Object::toString).toList();
  }

  @Override
  public void lose(Sandbox sandbox) {
    fake.lose(sandbox.id());
  }

  @Test
  void anOrderedFailureComesAsOftenAsItWasOrdered() throws Exception {
    fake.faults().failNext(FakeOperation.CREATE, 1, StandardError.SANDBOX_UNAVAILABLE);
    SandboxBench.assertRefused(StandardError.SANDBOX_UNAVAILABLE, () -> bench().sandbox());
    assertThat(bench().sandbox().isAlive()).isTrue();
    assertThat(fake.created()).isEqualTo(1);
    assertThat(fake.live()).hasSize(1);
  }

  @Test
  void aHeldCreationWaitsUntilItsGateIsOpened() throws Exception {
    FakeFaults.Gate gate = fake.faults().hold(FakeOperation.CREATE);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Sandbox> created = threads.submit(() -> bench().create(SandboxSpec.named("held")));
      gate.awaitEntered();
      assertThat(created.isDone()).isFalse();
      assertThat(fake.live()).isEmpty();
      gate.close();
      assertThat(created.get().isAlive()).isTrue();
    }
  }
}
