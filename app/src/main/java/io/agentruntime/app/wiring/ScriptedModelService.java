// SPDX-License-Identifier: MIT

package io.agentruntime.app.wiring;

import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.spi.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The scripted model in this process, and the secrets that send agents to it. The caller closes it.
 *
 * <p>It listens where sandboxes can reach it and no further: on the loopback address for local
 * sandboxes, on Docker's own network for containers; on all addresses only when neither is known to
 * do. A random token in its path and a random key keep everybody else out.
 */
public final class ScriptedModelService implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String ANYWHERE = "0.0.0.0";
  private static final String DOCKER_BRIDGE = "docker0";
  private static final int TOKEN_BYTES = 24;

  /** How the names of variables begin that could send an agent to a real model. */
  private static final List<String> VENDORS =
      List.of("ANTHROPIC_", "CLAUDE_", "GEMINI_", "GOOGLE_", "OPENAI_", "OPENCODE_");

  /** How the names of all vendors' keys end. */
  private static final String KEY = "_API_KEY";

  /** What a sandbox puts in the place of the host's address, see the core's agent environment. */
  private static final String SANDBOX_HOST = "{sandbox-host}";

  private final ScriptedModel model;
  private final String key;

  private ScriptedModelService(ScriptedModel model, String key) {
    this.model = model;
    this.key = key;
  }

  /**
   * Starts the model for sandboxes of a provider.
   *
   * @param sandbox the provider's id or {@code auto}
   * @param dockerNetwork the network of Docker's sandboxes when it is not Docker's default
   */
  public static ScriptedModelService start(String sandbox, Optional<String> dockerNetwork) {
    String key = token();
    String bind = address(sandbox, dockerNetwork);
    try {
      return new ScriptedModelService(
          ScriptedModel.start(
              ScriptedModelOptions.defaults()
                  .withBind(bind)
                  .withPathToken(token())
                  .withApiKey(key)),
          key);
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, "the scripted model cannot listen on " + bind, e);
    }
  }

  private static String address(String sandbox, Optional<String> dockerNetwork) {
    return switch (sandbox) {
      case "local" -> LOOPBACK;
      case "docker" ->
          dockerNetwork.filter(network -> !network.equals("bridge")).isPresent()
              ? ANYWHERE
              : bridgeAddress().orElse(ANYWHERE);
      default -> ANYWHERE;
    };
  }

  private static Optional<String> bridgeAddress() {
    try {
      NetworkInterface bridge = NetworkInterface.getByName(DOCKER_BRIDGE);
      if (bridge == null) {
        return Optional.empty();
      }
      return Collections.list(bridge.getInetAddresses()).stream()
          .filter(address -> address.getAddress().length == 4)
          .map(InetAddress::getHostAddress)
          .findFirst();
    } catch (SocketException e) {
      // Not being able to look only means to listen everywhere.
      return Optional.empty();
    }
  }

  /** These secrets, with the model's address and key in front of them. */
  public SecretSource before(SecretSource others) {
    String base =
        "http://" + SANDBOX_HOST + ":" + model.baseUri().getPort() + model.baseUri().getPath();
    Map<String, String> mine =
        Map.of(
            "ANTHROPIC_BASE_URL",
            base,
            "ANTHROPIC_API_KEY",
            key,
            "GOOGLE_GEMINI_BASE_URL",
            base,
            "GEMINI_API_KEY",
            key,
            "OPENAI_BASE_URL",
            base + "/v1",
            "OPENAI_API_KEY",
            key,
            "OPENCODE_MODEL",
            "openai-compatible/scripted");
    return name ->
        mine.containsKey(name)
            ? Optional.of(mine.get(name)).map(Secret::of)
            : isOfVendor(name) ? Optional.empty() : others.secret(name);
  }

  private static boolean isOfVendor(String name) {
    return name.endsWith(KEY) || VENDORS.stream().anyMatch(name::startsWith);
  }

  private static String token() {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  @Override
  public void close() {
    try {
      model.close();
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.INTERNAL_ERROR, "the scripted model did not close", e);
    }
  }
}
