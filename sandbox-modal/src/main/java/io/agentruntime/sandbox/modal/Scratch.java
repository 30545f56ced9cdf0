// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.sandbox.support.ExecCommand;
import io.agentruntime.sandbox.support.Layout;
import io.agentruntime.support.spool.SpoolCommands;
import io.agentruntime.support.spool.SpoolScript;
import java.nio.charset.StandardCharsets;

/** The runtime's own files in a sandbox: the script that keeps processes, and their spools. */
final class Scratch {
  /**
   * $1: the script, which comes on standard input. An image made of a sandbox holds the spools of
   * its processes: in a new sandbox they never ran.
   */
  private static final String CREATE =
      """
      rm -rf "$2" && mkdir -p "$2" "$3" "$4" && chmod 700 "$2" || exit 1
      for tool in flock setsid tar find xargs realpath tail stat; do
        command -v "$tool" >/dev/null || { echo "the image lacks $tool" >&2; exit 1; }
      done
      """
          + "umask 077\n{ cat >\"$1.$$\" && mv -f \"$1.$$\" \"$1\"; } || exit 1\n";

  private static final String INSTALL =
      "umask 077\n[ -e \"$1\" ] || { cat >\"$1.$$\" && mv -f \"$1.$$\" \"$1\"; } || exit 1\n";

  private static final String ATTEMPT = "prepare processes";
  private static final String SCRIPT = Layout.PATHS.scratch() + "/" + SpoolScript.fileName();
  private static final byte[] BYTES = SpoolScript.text().getBytes(StandardCharsets.UTF_8);

  private final Machine machine;
  private final SpoolCommands commands = new SpoolCommands(SCRIPT, Layout.SPOOL);
  private volatile boolean installed;

  private Scratch(Machine machine, boolean installed) {
    this.machine = machine;
    this.installed = installed;
  }

  /** The scratch of a sandbox that an earlier server prepared. */
  static Scratch of(Machine machine) {
    return new Scratch(machine, false);
  }

  /** Prepares a new sandbox. */
  static Scratch create(Machine machine) throws InterruptedException {
    ExecCommand command =
        ExecCommand.script(
            CREATE, SCRIPT, Layout.PATHS.scratch(), Layout.PATHS.workspace(), Layout.PATHS.home());
    machine.runWell(ATTEMPT, command, BYTES);
    return new Scratch(machine, true);
  }

  /** The commands that drive processes; makes sure that their script is there. */
  SpoolCommands spool() throws InterruptedException {
    if (!installed) {
      machine.runWell(ATTEMPT, ExecCommand.script(INSTALL, SCRIPT), BYTES);
      installed = true;
    }
    return commands;
  }
}
