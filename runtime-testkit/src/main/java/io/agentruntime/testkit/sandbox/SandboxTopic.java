// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import io.agentruntime.spi.sandbox.Sandbox;

/** What the topics of the contract suite have in common. */
interface SandboxTopic {
  /** The present test's. */
  SandboxBench bench();

  /** How many programs in a sandbox have this argument. */
  int countRunning(Sandbox sandbox, String marker) throws Exception;

  /** An existing directory that is in no part of a sandbox for the runtime's use. */
  String outsideDirectory();

  /** Makes a sandbox vanish behind the back of its {@code Sandbox} object. */
  void lose(Sandbox sandbox) throws Exception;
}
