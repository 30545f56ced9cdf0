// SPDX-License-Identifier: MIT

package io.agentruntime.app.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the launcher tells its programs: where things are on this machine. Stateless.
 *
 * <p>These are defaults below every setting that an operator makes.
 */
public final class LauncherEnvironment {
  private static final List<String> PROGRAMS =
      List.of("AGENT_RUNTIME_CLAUDE", "AGENT_RUNTIME_GEMINI", "AGENT_RUNTIME_OPENCODE");

  private LauncherEnvironment() {}

  /** The folder for what is kept: {@code AGENT_RUNTIME_HOME}, else {@code .runtime}. */
  public static Path home(Map<String, String> environment) {
    return Path.of(environment.getOrDefault("AGENT_RUNTIME_HOME", ".runtime"));
  }

  /** Folders of providers that get class loaders of their own; the launcher looks for them. */
  public static List<Path> isolatedProviders(Map<String, String> environment) {
    return Arrays.stream(environment.getOrDefault("AGENT_RUNTIME_ISOLATED", "").split(":"))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .toList();
  }

  /** Provider settings: the agents' image and where the agent programs of this host are. */
  public static Map<String, String> settings(Map<String, String> environment) {
    Map<String, String> settings = new LinkedHashMap<>();
    String image = environment.get("AGENT_RUNTIME_IMAGE");
    if (image != null && !image.isEmpty()) {
      settings.put("sandbox.docker.image", image);
    }
    List<String> folders = new ArrayList<>();
    for (String variable : PROGRAMS) {
      String program = environment.getOrDefault(variable, "");
      Path folder = program.isEmpty() ? null : Path.of(program).getParent();
      if (folder != null) {
        folders.add(folder.toAbsolutePath().toString());
      }
    }
    if (!folders.isEmpty()) {
      settings.put("sandbox.local.program-path", String.join(":", folders));
    }
    return settings;
  }
}
