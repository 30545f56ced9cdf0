// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import io.agentruntime.bench.crash.mortal.MortalSandboxes;

/** Where agents work while servers die. */
enum Isolation {
  /** Processes of this host. */
  LOCAL("local", MortalSandboxes.OfHost.class),

  /** Containers. */
  DOCKER("docker", MortalSandboxes.OfDocker.class),

  /** Sandboxes of a stand-in for Modal's cloud, which is a process beside the servers. */
  MODAL("modal", MortalSandboxes.OfModal.class);

  private final String provider;
  private final Class<? extends MortalSandboxes> mortal;

  Isolation(String provider, Class<? extends MortalSandboxes> mortal) {
    this.provider = provider;
    this.mortal = mortal;
  }

  /** The id of the provider that makes them. */
  String provider() {
    return provider;
  }

  /** The provider with points to die at. */
  Class<? extends MortalSandboxes> mortal() {
    return mortal;
  }
}
