package io.agentruntime.bench.crash;

import io.agentruntime.testkit.requirement.TestMachine;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The agent program that works while servers die. */
enum Agent {
  /** Claude Code. */
  CLAUDE("claude-agent-sdk", "ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY", TestMachine::claude),

  /** Gemini CLI: takes no message during a turn. */
  GEMINI("gemini-cli", "GOOGLE_GEMINI_BASE_URL", "GEMINI_API_KEY", TestMachine::gemini);

  private static final String KEY = "a-key-for-the-scripted-model";

  private final String architecture;
  private final String urlVariable;
  private final String keyVariable;
  private final Supplier<Path> program;

  Agent(String architecture, String urlVariable, String keyVariable, Supplier<Path> program) {
    this.architecture = architecture;
    this.urlVariable = urlVariable;
    this.keyVariable = keyVariable;
    this.program = program;
  }

  /** Its architecture, as clients name it. */
  String architecture() {
    return architecture;
  }

  /** How a server lets it reach the model, which listens on all addresses. */
  Map<String, String> environment(URI model) {
    return Map.of(urlVariable, "http://{sandbox-host}:" + model.getPort(), keyVariable, KEY);
  }

  /** The folder of the installed program. */
  Path folder() {
    return program.get().toAbsolutePath().resolveSibling("");
  }

  /** The scripts that it can play. */
  List<Script.Kind> kinds() {
    return Arrays.stream(Script.Kind.values())
        .filter(kind -> this == CLAUDE || kind != Script.Kind.STEER)
        .toList();
  }
}
