// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.requirement;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips or fails a test whose {@link Requires requirements} are not met. Thread-safe. */
final class RequirementCondition implements ExecutionCondition {
  /** Comma-separated requirements that must be met on this machine. */
  static final String VARIABLE = "AGENT_RUNTIME_REQUIRE";

  private static final System.Logger LOG = System.getLogger(RequirementCondition.class.getName());
  private static final Set<Requirement> SAID = ConcurrentHashMap.newKeySet();

  private final Set<Requirement> mandatory;

  RequirementCondition() {
    this(Objects.requireNonNullElse(System.getenv(VARIABLE), ""));
  }

  RequirementCondition(String mandatory) {
    this.mandatory = read(mandatory);
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    List<Requirement> needed =
        context
            .getElement()
            .map(e -> AnnotationSupport.findRepeatableAnnotations(e, Requires.class))
            .orElse(List.of())
            .stream()
            .flatMap(requires -> Arrays.stream(requires.value()))
            .distinct()
            .toList();
    try {
      for (Requirement requirement : needed) {
        Optional<String> missing = requirement.missing();
        if (missing.isPresent()) {
          return refuse(requirement, missing.get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while looking for " + needed, e);
    }
    return ConditionEvaluationResult.enabled("All requirements are met: " + needed);
  }

  ConditionEvaluationResult refuse(Requirement requirement, String reason) {
    if (mandatory.contains(requirement)) {
      throw new IllegalStateException(
          VARIABLE + " demands " + requirement.label() + ", but: " + reason);
    }
    if (SAID.add(requirement)) {
      // Reports have it for each test; whoever watches the build wants to know it once.
      LOG.log(
          System.Logger.Level.WARNING,
          "Tests that need {0} are skipped: {1}",
          requirement.label(),
          reason);
    }
    return ConditionEvaluationResult.disabled("Needs " + requirement.label() + ": " + reason);
  }

  private static Set<Requirement> read(String text) {
    Set<Requirement> read = EnumSet.noneOf(Requirement.class);
    for (String name : text.split(",", -1)) {
      if (!name.isBlank()) {
        read.add(find(name.strip()));
      }
    }
    return read;
  }

  private static Requirement find(String name) {
    return Arrays.stream(Requirement.values())
        .filter(r -> r.label().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    VARIABLE
                        + " names an unknown requirement: "
                        + name
                        + ". Known: "
                        + Arrays.stream(Requirement.values())
                            .map(Requirement::label)
                            .collect(Collectors.joining(", "))));
  }
}
