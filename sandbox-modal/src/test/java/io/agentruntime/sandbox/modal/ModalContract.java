// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.sandbox.modal.standin.StandInSettings;
import io.agentruntime.spi.Secret;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.testkit.requirement.Requirement;
import io.agentruntime.testkit.requirement.Requires;
import io.agentruntime.testkit.sandbox.SandboxProviderContract;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** The contract of all sandboxes, in one stand-in and over one transport for all its tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Requires(Requirement.BUBBLEWRAP)
abstract class ModalContract extends SandboxProviderContract {
  private final StandInSettings standIn;
  private final Backend backend;
  private final LentTransport transport = new LentTransport();
  private StandInCloud cloud;

  ModalContract(StandInSettings standIn, Backend backend) {
    this.standIn = standIn;
    this.backend = backend;
  }

  @BeforeAll
  void startCloud() throws IOException {
    cloud = new StandInCloud(standIn);
  }

  @AfterAll
  void stopCloud() throws IOException {
    transport.close();
    cloud.close();
  }

  @Override
  protected SandboxProvider newProvider() {
    return new ModalSandboxProvider(Map.of(), transport::lend);
  }

  @Override
  protected Map<String, String> settings() {
    return cloud.settings(backend);
  }

  @Override
  protected Map<String, Secret> secrets() {
    return cloud.secrets();
  }

  @Override
  protected List<String> leftovers() {
    return cloud.server.running();
  }
}
