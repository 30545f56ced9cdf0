// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.util.List;
import java.util.Set;

/** The refusals of the contract, which a provider that can everything would not show. */
class FakeSandboxWithoutCapabilitiesTest extends SandboxProviderContract {
  private final FakeSandboxProvider fake =
      FakeContractPrograms.register(new FakeSandboxProvider(Set.of()));

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
}
