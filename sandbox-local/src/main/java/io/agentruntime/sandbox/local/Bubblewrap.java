// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.sandbox.local.LocalSettings.BubblewrapMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts programs behind bubblewrap: they see the system read-only, their own folder, their own
 * processes, and nothing else of the host but its network, which they need to reach their model.
 * Immutable.
 */
final class Bubblewrap {
  private static final Logger LOG = LoggerFactory.getLogger(Bubblewrap.class);
  private static final List<String> SYSTEM =
      List.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt");

  /** What of the system nobody needs and not everybody may read. */
  private static final List<String> HIDDEN =
      List.of("/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/sudoers");

  private final List<Path> readOnly;

  private Bubblewrap(List<Path> readOnly) {
    this.readOnly = readOnly;
  }

  /** Empty when it is not to be used, or does not work and need not. */
  static Optional<Bubblewrap> of(LocalSettings settings) throws InterruptedException {
    if (settings.bubblewrap() == BubblewrapMode.NEVER) {
      LOG.warn("The local sandbox isolates nothing: 'bubblewrap' is set to 'never'");
      return Optional.empty();
    }
    List<Path> readOnly = new ArrayList<>(settings.programPath());
    readOnly.addAll(settings.readOnlyPaths());
    Bubblewrap bubblewrap = new Bubblewrap(List.copyOf(readOnly));
    try {
      HostCommand.run(
          bubblewrap.wrap(List.of(), "/", List.of("true")),
          Map.of("PATH", LocalSandbox.SYSTEM_PATH));
      LOG.info("The local sandbox puts programs behind bubblewrap; they share the host's network");
      return Optional.of(bubblewrap);
    } catch (AgentRuntimeException e) {
      if (settings.bubblewrap() == BubblewrapMode.ALWAYS) {
        throw LocalSettings.wrong(
            "bubblewrap", "'always', but it does not work: " + e.getMessage());
      }
      LOG.warn("The local sandbox isolates nothing: bubblewrap does not work: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * The command that runs a program behind bubblewrap.
   *
   * @param own what it may see and change; it has a temporary directory as its last
   * @param workingDirectory where it starts
   */
  List<String> wrap(List<Path> own, String workingDirectory, List<String> program) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "bwrap",
                "--die-with-parent",
                "--unshare-pid",
                "--unshare-ipc",
                "--unshare-uts",
                "--cap-drop",
                "ALL"));
    for (String path : SYSTEM) {
      addSystem(command, Path.of(path));
    }
    add(command, "--proc", "/proc");
    add(command, "--dev", "/dev");
    if (own.isEmpty()) {
      add(command, "--tmpfs", "/tmp");
    } else {
      add(command, "--bind", own.getLast().toString(), "/tmp");
    }
    for (String path : HIDDEN) {
      if (Files.exists(Path.of(path))) {
        add(command, "--ro-bind", "/dev/null", path);
      }
    }
    resolverConfiguration().ifPresent(path -> bindReadOnly(command, path));
    readOnly.forEach(path -> bindReadOnly(command, path));
    for (Path path : own) {
      add(command, "--bind", path.toString(), path.toString());
    }
    add(command, "--chdir", workingDirectory);
    // A program that cannot be run must end with 126 or 127 as elsewhere; of bubblewrap itself it
    // would be 1. This one changes nothing else.
    add(command, "--", "nice", "-n", "0", "--");
    command.addAll(program);
    return command;
  }

  /** Directories as they are, links as links: on most systems /bin is one. */
  private static void addSystem(List<String> command, Path path) {
    if (Files.isSymbolicLink(path)) {
      try {
        add(command, "--symlink", Files.readSymbolicLink(path).toString(), path.toString());
      } catch (IOException e) {
        LOG.debug("{} is left out: {}", path, e.toString());
      }
    } else if (Files.isDirectory(path)) {
      bindReadOnly(command, path);
    }
  }

  /** Often a link to outside of /etc, without which no name could be resolved. */
  private static Optional<Path> resolverConfiguration() {
    try {
      Path real = Path.of("/etc/resolv.conf").toRealPath();
      return real.startsWith("/etc") ? Optional.empty() : Optional.of(real);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void bindReadOnly(List<String> command, Path path) {
    add(command, "--ro-bind", path.toString(), path.toString());
  }

  private static void add(List<String> command, String... arguments) {
    command.addAll(List.of(arguments));
  }
}
