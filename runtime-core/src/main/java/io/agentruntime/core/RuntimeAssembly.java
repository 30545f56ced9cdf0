package io.agentruntime.core;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;

/** Puts a runtime together. */
final class RuntimeAssembly {
  private RuntimeAssembly() {}

  static AgentRuntime start(RuntimeConfig config) {
    throw new AgentRuntimeException(
        StandardError.INTERNAL_ERROR, "not assembled: " + config.dataDirectory());
  }
}
