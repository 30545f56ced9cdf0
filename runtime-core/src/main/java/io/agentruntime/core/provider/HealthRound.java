// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import io.agentruntime.core.provider.ProviderDiscovery.Found;
import io.agentruntime.spi.HealthProblem;
import io.agentruntime.spi.Provider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks providers how they are, all at once and with a deadline. Stateless. */
final class HealthRound {
  private HealthRound() {}

  /** The problems of each provider, in their order. */
  static List<List<HealthProblem>> ask(List<Found<? extends Provider>> providers, Duration patience)
      throws InterruptedException {
    List<FutureTask<List<HealthProblem>>> questions = new ArrayList<>();
    for (Found<? extends Provider> found : providers) {
      FutureTask<List<HealthProblem>> question = new FutureTask<>(() -> found.provider().health());
      questions.add(question);
      Thread.ofVirtual().name("health-" + found.id()).start(question);
    }
    long deadline = System.nanoTime() + patience.toNanos();
    List<List<HealthProblem>> answers = new ArrayList<>();
    for (FutureTask<List<HealthProblem>> question : questions) {
      answers.add(answer(question, deadline, patience));
    }
    return answers;
  }

  private static List<HealthProblem> answer(
      FutureTask<List<HealthProblem>> question, long deadline, Duration patience)
      throws InterruptedException {
    try {
      return List.copyOf(question.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      question.cancel(true);
      return List.of(
          new HealthProblem(
              "does not say how it is within " + patience.toSeconds() + " s",
              "see what it depends on"));
    } catch (ExecutionException e) {
      return List.of(
          new HealthProblem(
              "cannot say how it is: " + e.getCause(), "see the provider's documentation"));
    }
  }
}
