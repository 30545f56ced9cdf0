// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import io.agentruntime.spi.sandbox.FileUpload;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The set-up of a fresh sandbox.
 *
 * @param files what must lie in it; none of it is part of the workspace that is kept, see {@code
 *     unkeptPaths}
 * @param commands what must run there once, in order, after the files were written
 * @param environment variables for the commands and the program; values are secret
 * @param unkeptPaths workspace-relative paths that belong to the set-up, not to the user's work:
 *     they are neither reported nor stored
 */
public record SandboxSetup(
    List<FileUpload> files,
    List<SetupCommand> commands,
    Map<String, String> environment,
    List<String> unkeptPaths) {
  /** Copies the collections. */
  public SandboxSetup {
    files = List.copyOf(files);
    commands = List.copyOf(commands);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    unkeptPaths = List.copyOf(unkeptPaths);
  }

  @Override
  public String toString() {
    return "SandboxSetup[" + files.size() + " files, " + commands.size() + " commands]";
  }
}
