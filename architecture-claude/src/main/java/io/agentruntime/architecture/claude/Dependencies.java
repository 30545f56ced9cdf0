// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.spi.architecture.SetupCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * npm and Python packages of a profile and its skills: in folders of their own in the home, found
 * through variables, so that neither the workspace nor the image is touched.
 */
final class Dependencies {
  private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(10);

  private Dependencies() {}

  static Set<String> npm(AgentProfile profile) {
    Set<String> packages = new LinkedHashSet<>(profile.npmDependencies());
    profile.skills().stream().map(Skill::npmDependencies).forEach(packages::addAll);
    return packages;
  }

  static Set<String> pip(AgentProfile profile) {
    Set<String> packages = new LinkedHashSet<>(profile.pipDependencies());
    profile.skills().stream().map(Skill::pipDependencies).forEach(packages::addAll);
    return packages;
  }

  static List<SetupCommand> install(AgentProfile profile, ClaudePaths paths) {
    List<SetupCommand> commands = new ArrayList<>();
    String home = paths.sandbox().home();
    if (!npm(profile).isEmpty()) {
      List<String> install =
          new ArrayList<>(
              List.of("npm", "install", "--no-fund", "--no-audit", "--prefix", paths.npm(), "--"));
      install.addAll(npm(profile));
      commands.add(new SetupCommand("Installing npm packages", install, home, INSTALL_TIMEOUT));
    }
    if (!pip(profile).isEmpty()) {
      List<String> install =
          new ArrayList<>(
              List.of(
                  "python3",
                  "-m",
                  "pip",
                  "install",
                  "--no-input",
                  "--disable-pip-version-check",
                  "--target",
                  paths.pip(),
                  "--"));
      install.addAll(pip(profile));
      commands.add(new SetupCommand("Installing Python packages", install, home, INSTALL_TIMEOUT));
    }
    return commands;
  }

  static Map<String, String> environment(AgentProfile profile, ClaudePaths paths) {
    Map<String, String> environment = new LinkedHashMap<>();
    if (!npm(profile).isEmpty()) {
      environment.put("NODE_PATH", paths.npm() + "/node_modules");
    }
    if (!pip(profile).isEmpty()) {
      environment.put("PYTHONPATH", paths.pip());
    }
    return environment;
  }

  /**
   * What goes before the program so that the packages' commands are found: the sandbox's own PATH
   * is not known here, so a shell puts the folders before it and then becomes the program.
   */
  static List<String> launcher(AgentProfile profile, ClaudePaths paths) {
    List<String> folders = new ArrayList<>();
    if (!npm(profile).isEmpty()) {
      folders.add(paths.npm() + "/node_modules/.bin");
    }
    if (!pip(profile).isEmpty()) {
      folders.add(paths.pip() + "/bin");
    }
    return folders.isEmpty()
        ? List.of()
        : List.of(
            "sh",
            "-c",
            "PATH=\"$1:$PATH\"; export PATH; shift; exec \"$@\"",
            "sh",
            String.join(":", folders));
  }
}
