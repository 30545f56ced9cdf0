// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** One sandbox, started to see what is in it. Stateless. */
final class SandboxTrial {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private SandboxTrial() {}

  /** Starts a sandbox, looks for the programs of these architectures, and ends it. */
  static List<CheckLine> run(SandboxProvider provider, List<AgentArchitecture> architectures)
      throws InterruptedException {
    String subject = "sandbox " + provider.id();
    List<CheckLine> lines = new ArrayList<>();
    Sandbox sandbox;
    long before = System.nanoTime();
    try {
      sandbox = provider.create(SandboxSpec.named("doctor"));
    } catch (RuntimeException e) {
      return List.of(
          CheckLine.problem(
              subject,
              "cannot start a sandbox: " + message(e),
              "see docs/operators.md about this provider"));
    }
    long took = Duration.ofNanos(System.nanoTime() - before).toMillis();
    lines.add(CheckLine.ok(subject, "starts a sandbox (in " + took + " ms)"));
    try {
      boolean any = false;
      for (AgentArchitecture architecture : architectures) {
        any |= look(sandbox, provider, architecture, lines);
      }
      if (!any) {
        lines.add(
            CheckLine.problem(
                subject,
                "has the program of no agent",
                "install one, see 'Agent programs' in docs/operators.md"));
      }
    } catch (RuntimeException e) {
      lines.add(
          CheckLine.problem(
              subject, "cannot run a program: " + message(e), "see docs/operators.md"));
    } finally {
      sandbox.terminate();
    }
    return lines;
  }

  private static boolean look(
      Sandbox sandbox,
      SandboxProvider provider,
      AgentArchitecture architecture,
      List<CheckLine> lines)
      throws InterruptedException {
    List<String> missing = new ArrayList<>();
    for (String program : new TreeSet<>(architecture.executables())) {
      if (!has(sandbox, program)) {
        missing.add(program);
      }
    }
    String subject = "architecture " + architecture.id();
    if (missing.isEmpty()) {
      lines.add(
          architecture.executables().isEmpty()
              ? CheckLine.ok(subject, "its program depends on its settings and was not looked for")
              : CheckLine.ok(subject, "its program is in sandboxes of " + provider.id()));
      return !architecture.executables().isEmpty();
    }
    lines.add(
        CheckLine.note(
            subject,
            String.join(" and ", missing) + " is missing in sandboxes of " + provider.id(),
            "install it, see 'Agent programs' in docs/operators.md"));
    return false;
  }

  private static boolean has(Sandbox sandbox, String program) throws InterruptedException {
    SandboxProcess process =
        sandbox.start(
            new ProcessSpec(
                new ProcessId("look-for-" + program),
                List.of("sh", "-c", "command -v -- \"$1\"", "sh", program),
                Map.of(),
                sandbox.paths().workspace(),
                ProcessSpec.DEFAULT_SPOOL_LIMIT));
    Optional<ExitStatus> exit = process.awaitExit(PATIENCE);
    return exit.isPresent() && exit.get().success();
  }

  private static String message(RuntimeException e) {
    return e instanceof AgentRuntimeException ? String.valueOf(e.getMessage()) : e.toString();
  }
}
