// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Network;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The network whose containers reach the outside and this host, but not each other: on the engine's
 * default bridge every container reaches all ports of all others. Thread-safe.
 */
final class Networks {
  /** The setting's value for it. */
  static final String ISOLATED = "isolated";

  private static final String NAME = "agent-runtime-isolated";
  private static final String BETWEEN_CONTAINERS = "com.docker.network.bridge.enable_icc";
  private static final int CONFLICT = 409;

  private final Engine engine;
  private volatile boolean known;

  Networks(Engine engine) {
    this.engine = engine;
  }

  /** The engine's name for a configured network; makes the isolated one if it is missing. */
  String require(String configured) throws InterruptedException {
    if (!configured.equals(ISOLATED)) {
      return configured;
    }
    if (!known) {
      ensure();
      known = true;
    }
    return NAME;
  }

  /** To be called when a network turned out to be missing: somebody may have removed it. */
  void forget() {
    known = false;
  }

  private void ensure() throws InterruptedException {
    Network found = find();
    if (found == null) {
      create();
      found = find();
    }
    Map<String, String> options = found == null ? Map.of() : found.getOptions();
    if (!"false".equals(options.get(BETWEEN_CONTAINERS))) {
      throw new AgentRuntimeException(
          StandardError.SANDBOX_FAILED,
          "the Docker network %s does not keep its containers apart; remove it".formatted(NAME));
    }
  }

  private @Nullable Network find() throws InterruptedException {
    return engine.<@Nullable Network>call(
        "find network " + NAME,
        docker -> {
          try {
            return docker.inspectNetworkCmd().withNetworkId(NAME).exec();
          } catch (NotFoundException e) {
            return null;
          }
        });
  }

  private void create() throws InterruptedException {
    try {
      engine.call(
          "create network " + NAME,
          docker ->
              docker
                  .createNetworkCmd()
                  .withName(NAME)
                  .withDriver("bridge")
                  .withCheckDuplicate(true)
                  .withOptions(Map.of(BETWEEN_CONTAINERS, "false"))
                  .exec());
    } catch (AgentRuntimeException e) {
      // Another server on the same engine may have been faster.
      if (Engine.status(e) != CONFLICT) {
        throw new AgentRuntimeException(
            e.code(),
            e.getMessage()
                + "; set network to none, or to bridge, where sandboxes reach each other",
            e);
      }
    }
  }
}
