// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

/** The three kinds of providers. */
public enum ProviderKind {
  /** {@link io.agentruntime.spi.sandbox.SandboxProvider}. */
  SANDBOX("sandbox"),
  /** {@link io.agentruntime.spi.persistence.PersistenceAdapter}. */
  PERSISTENCE("persistence"),
  /** {@link io.agentruntime.spi.architecture.AgentArchitecture}. */
  ARCHITECTURE("architecture");

  private final String key;

  ProviderKind(String key) {
    this.key = key;
  }

  /** The word used in configuration keys. */
  public String key() {
    return key;
  }
}
