// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import io.agentruntime.testkit.requirement.TestMachine;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** The agent program that works while servers die. */
enum Agent {
  /** Claude Code. */
  CLAUDE(
      "claude-agent-sdk",
      TestMachine::claude,
      Set.of(),
      model -> Map.of("ANTHROPIC_BASE_URL", model, "ANTHROPIC_API_KEY", Agent.KEY)),

  /** Gemini CLI: takes no message during a turn. */
  GEMINI(
      "gemini-cli",
      TestMachine::gemini,
      Set.of(Script.Kind.STEER),
      model -> Map.of("GOOGLE_GEMINI_BASE_URL", model, "GEMINI_API_KEY", Agent.KEY)),

  /** OpenCode: takes no message during a turn. */
  OPENCODE(
      "opencode",
      TestMachine::openCode,
      Set.of(Script.Kind.STEER),
      model ->
          Map.of(
              "OPENAI_BASE_URL",
              model + "/v1",
              "OPENAI_API_KEY",
              Agent.KEY,
              "OPENCODE_MODEL",
              "openai-compatible/scripted")),

  /** OpenCode, of which only the protocol is known, which tells nothing of subagents. */
  ACP(
      "acp",
      TestMachine::openCode,
      Set.of(Script.Kind.STEER, Script.Kind.SUBAGENT),
      OpenCodeOverAcp::settings);

  /** The scripted model takes any. */
  static final String KEY = "a-key-for-the-scripted-model";

  private final String architecture;
  private final Supplier<Path> program;
  private final Set<Script.Kind> without;
  private final Function<String, Map<String, String>> environment;

  Agent(
      String architecture,
      Supplier<Path> program,
      Set<Script.Kind> without,
      Function<String, Map<String, String>> environment) {
    this.architecture = architecture;
    this.program = program;
    this.without = without;
    this.environment = environment;
  }

  /** Its architecture, as clients name it. */
  String architecture() {
    return architecture;
  }

  /** How a server lets it reach the model, which listens on all addresses. */
  Map<String, String> environment(URI model) {
    return environment.apply("http://{sandbox-host}:" + model.getPort());
  }

  /** The folder of the installed program. */
  Path folder() {
    return program.get().toAbsolutePath().resolveSibling("");
  }

  /** The scripts that it can play. */
  List<Script.Kind> kinds() {
    return Arrays.stream(Script.Kind.values()).filter(kind -> !without.contains(kind)).toList();
  }
}
