// SPDX-License-Identifier: MIT

package io.agentruntime.app.wiring;

import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Secrets of this process: variable {@code NAME}, or the file that variable {@code NAME_FILE}
 * names. Stateless.
 */
public final class Secrets {
  private static final long MAX_BYTES = 1 << 20;

  private Secrets() {}

  /** Secrets from these environment variables; empty ones count as not set. */
  public static SecretSource from(Map<String, String> environment) {
    return name -> {
      String value = environment.get(name);
      if (value != null && !value.isEmpty()) {
        return Optional.of(Secret.of(value));
      }
      String file = environment.get(name + "_FILE");
      return file == null || file.isEmpty() ? Optional.empty() : Optional.of(read(name, file));
    };
  }

  private static Secret read(String name, String file) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > MAX_BYTES) {
        throw unreadable(name, "is too large", null);
      }
      return Secret.of(Files.readString(path).stripTrailing());
    } catch (IOException | InvalidPathException e) {
      throw unreadable(name, "cannot be read", e);
    }
  }

  private static AgentRuntimeException unreadable(
      String name, String why, @org.jspecify.annotations.Nullable Exception cause) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION, "the file that " + name + "_FILE names " + why, cause);
  }
}
