// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.core.secret.SecretMask;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.spi.Secret;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.Credentials;
import io.agentruntime.spi.sandbox.Sandbox;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which of the server's variables reach an agent: those its architecture names, nothing else.
 * Thread-safe.
 */
public final class AgentEnvironment {
  /** Stands in a value for the address under which a sandbox reaches this host. */
  public static final String HOST_PLACEHOLDER = "{sandbox-host}";

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          ".*(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL).*", Pattern.CASE_INSENSITIVE);

  private final SecretSource secrets;

  /** An environment from these secrets. */
  public AgentEnvironment(SecretSource secrets) {
    this.secrets = secrets;
  }

  /**
   * Checks that the agent can reach its model.
   *
   * @throws AgentRuntimeException {@code MISSING_CREDENTIAL}, naming the variables
   */
  public void require(
      AgentArchitecture architecture, AgentProfile profile, Map<String, Object> options) {
    Credentials credentials = architecture.credentials(profile, options);
    if (credentials.anyOf().isEmpty()
        || credentials.anyOf().stream().anyMatch(name -> secrets.secret(name).isPresent())
        || credentials.anyOf().stream().anyMatch(profile.environment()::containsKey)) {
      return;
    }
    throw new AgentRuntimeException(
        StandardError.MISSING_CREDENTIAL,
        "agent '"
            + architecture.id()
            + "' has no key for its model: set "
            + String.join(" or ", credentials.anyOf())
            + " in the server's environment (or run it with --model scripted)");
  }

  /** The variables for an agent in a sandbox. */
  public Map<String, String> variables(
      AgentArchitecture architecture,
      AgentProfile profile,
      Map<String, Object> options,
      Sandbox sandbox) {
    Credentials credentials = architecture.credentials(profile, options);
    Map<String, String> variables = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(credentials.anyOf());
    names.addAll(credentials.optional());
    for (String name : names) {
      Optional<Secret> value = secrets.secret(name);
      value.ifPresent(secret -> variables.put(name, resolve(secret.reveal(), sandbox)));
    }
    return variables;
  }

  /** Masks every secret that an agent of this architecture and profile may come to know. */
  public SecretMask mask(AgentArchitecture architecture, AgentProfile profile) {
    List<String> values = new ArrayList<>();
    for (String name : architecture.credentials().secret()) {
      secrets.secret(name).ifPresent(secret -> values.add(secret.reveal()));
    }
    addSecrets(values, profile.environment());
    for (McpServer server : profile.mcpServers()) {
      switch (server) {
        case McpServer.Stdio stdio -> addSecrets(values, stdio.environment());
        case McpServer.Bundled bundled -> addSecrets(values, bundled.environment());
        case McpServer.Http http ->
            http.headers()
                .forEach(
                    (name, value) -> {
                      if (!name.equalsIgnoreCase("accept")
                          && !name.equalsIgnoreCase("content-type")) {
                        values.add(value);
                        // "Bearer abc": the scheme is no secret, and the rest may stand alone.
                        values.add(value.substring(value.lastIndexOf(' ') + 1));
                      }
                    });
      }
    }
    return SecretMask.of(values);
  }

  private static void addSecrets(List<String> values, Map<String, String> environment) {
    environment.forEach(
        (name, value) -> {
          if (SECRET_NAME.matcher(name).matches()) {
            values.add(value);
          }
        });
  }

  private static String resolve(String value, Sandbox sandbox) {
    return value.contains(HOST_PLACEHOLDER)
        ? value.replace(HOST_PLACEHOLDER, sandbox.hostAddress())
        : value;
  }
}
