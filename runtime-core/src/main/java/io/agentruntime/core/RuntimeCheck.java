// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import io.agentruntime.core.provider.ProviderInfo;
import io.agentruntime.core.provider.Providers;
import io.agentruntime.core.sandbox.SandboxSelection;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.HealthProblem;
import io.agentruntime.spi.Provider;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks whether a runtime with a configuration would work, without starting one: opens all
 * providers, asks each how it is, and starts a sandbox where sessions would get theirs, to see
 * which agent programs are in it. Leaves nothing behind but what opening a store makes. One thread
 * at a time.
 */
public final class RuntimeCheck {
  private final RuntimeConfig config;
  private final Providers providers;
  private final List<CheckLine> lines = new ArrayList<>();

  private RuntimeCheck(RuntimeConfig config, Providers providers) {
    this.config = config;
    this.providers = providers;
  }

  /**
   * Checks everything.
   *
   * @param further providers beside those that are found
   * @return what was found, in the order in which it was looked at; never throws for what is wrong
   */
  public static List<CheckLine> run(RuntimeConfig config, List<? extends Provider> further)
      throws InterruptedException {
    try (DataDirectory data = DataDirectory.open(config.dataDirectory());
        Providers providers = RuntimeAssembly.openProviders(config, data, further)) {
      RuntimeCheck check = new RuntimeCheck(config, providers);
      check.lines.add(
          CheckLine.ok("data directory", config.dataDirectory() + " can be written to"));
      check.checkProviders();
      return List.copyOf(check.lines);
    } catch (AgentRuntimeException e) {
      return List.of(
          CheckLine.problem(
              "configuration", String.valueOf(e.getMessage()), "see docs/operators.md"));
    }
  }

  private void checkProviders() throws InterruptedException {
    for (ProviderInfo info : providers.infos()) {
      if (info.problem() != null) {
        lines.add(
            CheckLine.note(
                info.kind().key() + " " + info.id(),
                "from " + info.location() + " is not used: " + info.problem(),
                "remove or replace the jar, if it is not needed"));
      }
    }
    checkHealth("persistence", providers.persistence(), true);
    List<SandboxProvider> healthy = new ArrayList<>();
    for (SandboxProvider sandbox : providers.sandboxes()) {
      if (checkHealth("sandbox", sandbox, isChosen(sandbox))) {
        healthy.add(sandbox);
      }
    }
    for (AgentArchitecture architecture : providers.architectures()) {
      checkHealth("architecture", architecture, false);
      checkCredentials(architecture);
    }
    trySandboxes(healthy);
  }

  /** Whether sessions that name no provider get exactly this one. */
  private boolean isChosen(SandboxProvider sandbox) {
    return config.sandbox() == null || config.sandbox().equals(sandbox.id());
  }

  private boolean checkHealth(String kind, Provider provider, boolean needed)
      throws InterruptedException {
    String subject = kind + " " + provider.id();
    List<HealthProblem> problems;
    try {
      problems = provider.health();
    } catch (RuntimeException e) {
      problems = List.of(new HealthProblem(e.toString(), "see the provider's documentation"));
    }
    for (HealthProblem problem : problems) {
      lines.add(
          needed
              ? CheckLine.problem(subject, problem.problem(), problem.remedy())
              : CheckLine.note(subject, problem.problem(), problem.remedy()));
    }
    if (problems.isEmpty()) {
      lines.add(CheckLine.ok(subject, "ready"));
    }
    return problems.isEmpty();
  }

  private void checkCredentials(AgentArchitecture architecture) {
    List<String> anyOf = architecture.credentials().anyOf();
    if (!anyOf.isEmpty()
        && anyOf.stream().noneMatch(name -> config.secrets().secret(name).isPresent())) {
      lines.add(
          CheckLine.note(
              "architecture " + architecture.id(),
              "has no key for its model",
              "set " + String.join(" or ", anyOf) + ", or use --model scripted"));
    }
  }

  private void trySandboxes(List<SandboxProvider> healthy) throws InterruptedException {
    boolean auto = SandboxSelection.AUTO.equals(config.sandbox());
    List<List<CheckLine>> trials = new ArrayList<>();
    for (SandboxProvider sandbox : healthy) {
      if (auto ? isAutomatic(sandbox) : isChosen(sandbox)) {
        trials.add(SandboxTrial.run(sandbox, providers.architectures()));
      }
    }
    // Where any will do, one that works is enough.
    boolean enough = auto && trials.stream().anyMatch(RuntimeCheck::works);
    trials.forEach(
        trial -> trial.stream().map(line -> enough ? line.asNote() : line).forEach(lines::add));
    if (trials.isEmpty()) {
      lines.add(
          CheckLine.problem(
              "sandbox",
              auto
                  ? "no isolating provider is ready, and 'auto' takes no other"
                  : "the chosen provider is not ready",
              "mend one of the above, or choose with agent-runtime.sandbox"));
    }
  }

  private static boolean works(List<CheckLine> trial) {
    return trial.stream().noneMatch(line -> line.verdict() == CheckLine.Verdict.PROBLEM);
  }

  private boolean isAutomatic(SandboxProvider sandbox) {
    return config.allowUnisolated() || sandbox.capabilities().contains(SandboxCapability.ISOLATION);
  }
}
