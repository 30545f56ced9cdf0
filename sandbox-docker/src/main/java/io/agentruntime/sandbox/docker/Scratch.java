// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.support.ExecChannel;
import io.agentruntime.sandbox.support.ExecCommand;
import io.agentruntime.sandbox.support.Layout;
import io.agentruntime.support.spool.SpoolCommands;
import io.agentruntime.support.spool.SpoolScript;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The runtime's own files in a container, on a memory file system that ends with it: the script
 * that keeps processes, their spools, and the sandbox's environment, which is kept here because the
 * engine would show a container's own environment to everybody. Thread-safe.
 */
final class Scratch {
  /** What installs a script unless it is there; it comes on standard input. */
  private static final String INSTALL =
      """
      umask 077
      install_script() {
        [ -e "$1" ] || { cat >"$1.$$" && mv -f "$1.$$" "$1"; } || exit 1
      }
      """;

  /**
   * $1: the script, $2: environment file, $3: its length; then: folders that must be the user's.
   */
  private static final String CREATE =
      INSTALL
          + """
          script=$1 environment=$2 length=$3
          shift 3
          for folder do
            [ -d "$folder" ] && [ -O "$folder" ] || { echo "$folder"; exit 0; }
          done
          head -c "$length" >"$environment" || exit 1
          install_script "$script"
          """;

  /** $1: the script, $2: environment file, which is printed. */
  private static final String REOPEN = INSTALL + "install_script \"$1\" && exec cat \"$2\"\n";

  private static final String ATTEMPT = "prepare processes";
  private static final String SCRIPT = Layout.PATHS.scratch() + "/" + SpoolScript.fileName();
  private static final String ENVIRONMENT = Layout.PATHS.scratch() + "/environment";
  private static final byte[] SCRIPT_BYTES = SpoolScript.text().getBytes(StandardCharsets.UTF_8);

  private final Container container;
  private final SpoolCommands commands = new SpoolCommands(SCRIPT, Layout.SPOOL);
  private volatile @Nullable Map<String, String> environment;

  private Scratch(Container container, @Nullable Map<String, String> environment) {
    this.container = container;
    this.environment = environment;
  }

  /** The scratch of a container that an earlier server prepared. */
  static Scratch of(Container container) {
    return new Scratch(container, null);
  }

  /**
   * Prepares a new container.
   *
   * @param environment of every process in it
   * @return null when it cannot be used because a folder is missing or belongs to another user
   */
  static @Nullable Scratch create(Container container, Map<String, String> environment)
      throws InterruptedException {
    byte[] variables = encode(environment);
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    input.writeBytes(variables);
    input.writeBytes(SCRIPT_BYTES);
    ExecCommand command =
        ExecCommand.script(
            CREATE,
            SCRIPT,
            ENVIRONMENT,
            Integer.toString(variables.length),
            Layout.PATHS.workspace(),
            Layout.PATHS.home(),
            Layout.PATHS.scratch());
    ExecChannel.Output output = container.runWell(ATTEMPT, command, input.toByteArray());
    return output.text().isEmpty() ? new Scratch(container, Map.copyOf(environment)) : null;
  }

  /** The commands that drive processes; makes sure that their script is there. */
  SpoolCommands spool() throws InterruptedException {
    environment();
    return commands;
  }

  /** The environment of every process. Values are secret. */
  Map<String, String> environment() throws InterruptedException {
    Map<String, String> known = environment;
    if (known != null) {
      return known;
    }
    ExecCommand command = ExecCommand.script(REOPEN, SCRIPT, ENVIRONMENT);
    ExecChannel.Output output = container.runWell(ATTEMPT, command, SCRIPT_BYTES);
    known = decode(output.text());
    environment = known;
    return known;
  }

  private static byte[] encode(Map<String, String> environment) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    environment.forEach(
        (name, value) -> {
          if (!name.matches("[A-Za-z_][A-Za-z0-9_]*") || value.indexOf('\0') >= 0) {
            throw new AgentRuntimeException(
                StandardError.INVALID_ARGUMENT,
                "environment: expected names like A_B1 and values without NUL, unlike " + name);
          }
          bytes.writeBytes((name + "=" + value + "\0").getBytes(StandardCharsets.UTF_8));
        });
    return bytes.toByteArray();
  }

  private static Map<String, String> decode(String text) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String variable : text.split("\0")) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        environment.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    return Collections.unmodifiableMap(environment);
  }
}
