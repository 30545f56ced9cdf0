// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.Secret;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.testkit.TestProviderContext;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every sandbox provider must do. A provider's test extends this class; each topic is an
 * interface beside it. What a provider declares as a capability must work, what it does not declare
 * must be refused.
 */
@Timeout(300)
public abstract class SandboxProviderContract
    implements LifecycleContract,
        ReattachContract,
        CapabilityContract,
        IsolationContract,
        ProcessContract,
        EnvironmentContract,
        SignalContract,
        StdinContract,
        OutputContract,
        FileContract,
        LinkContract,
        ListingContract {
  @TempDir Path dataDirectory;
  private SandboxBench bench;

  /** A provider that is not open; all of one test are for the same sandboxes. */
  protected abstract SandboxProvider newProvider();

  /** The provider's settings. */
  protected Map<String, String> settings() {
    return Map.of();
  }

  /** The provider's secrets, by name. */
  protected Map<String, Secret> secrets() {
    return Map.of();
  }

  /** The programs to run. */
  protected ContractPrograms programs() {
    return new ContractPrograms() {};
  }

  /** What is left behind when every sandbox has ended: processes, files, threads. */
  protected List<String> leftovers() throws Exception {
    return List.of();
  }

  /** Where providers of this test may write. */
  protected Path dataDirectory() {
    return dataDirectory;
  }

  @Override
  public SandboxBench bench() {
    return bench;
  }

  @Override
  public int countRunning(Sandbox sandbox, String marker) throws Exception {
    var process = bench.start(sandbox, programs().countRunning(marker));
    bench.end(process);
    return Integer.parseInt(bench.output(process).strip());
  }

  @Override
  public String outsideDirectory() {
    return "/etc";
  }

  @Override
  public void lose(Sandbox sandbox) throws Exception {
    bench.anotherProvider().attach(sandbox.id()).terminate();
  }

  @BeforeEach
  void openBench() throws InterruptedException {
    bench = new SandboxBench(this::newProvider, this::context, programs());
  }

  @AfterEach
  void closeBench() throws Exception {
    bench.close();
    SandboxBench.await("nothing is left", () -> leftovers().isEmpty());
    assertThat(leftovers()).isEmpty();
  }

  private ProviderContext context(String runtimeId) {
    return new TestProviderContext(
        runtimeId, dataDirectory, InstantSource.system(), settings(), secrets());
  }
}
