// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.agentruntime.testkit.requirement.Requirement;
import io.agentruntime.testkit.requirement.Requires;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The vendor's own SDK can do all that it has for sandboxes against the stand-in. */
@Requires({Requirement.NODE, Requirement.BUBBLEWRAP})
class SdkJudgeIT {
  /** Below 30 seconds, as the SDK renews no token that has longer to go. */
  private static final Duration ROUTER_TOKEN = Duration.ofSeconds(25);

  /** What one run of the SDK said, and what was still running then. */
  private record Judgement(List<SdkJudge.Verdict> verdicts, List<String> running) {}

  @BeforeAll
  static void installTheSdk() throws IOException, InterruptedException {
    SdkJudge.install();
  }

  @TestFactory
  Stream<DynamicNode> bothBackendsOverPlaintext() throws Exception {
    return judged(StandInSettings.plaintext());
  }

  @TestFactory
  Stream<DynamicNode> bothBackendsOverTls() throws Exception {
    return judged(StandInSettings.encrypted());
  }

  /** At the same time: they mostly wait, and a server has to bear two clients. */
  private static Stream<DynamicNode> judged(StandInSettings settings)
      throws InterruptedException, ExecutionException {
    FutureTask<Judgement> second = new FutureTask<>(() -> judge(settings, true));
    FutureTask<Judgement> first = new FutureTask<>(() -> judge(settings, false));
    Thread.ofPlatform().name("judge-v2").start(second);
    Thread.ofPlatform().name("judge-v1").start(first);
    return Stream.concat(tests("V2", second.get()), tests("V1", first.get()));
  }

  private static Judgement judge(StandInSettings settings, boolean second)
      throws IOException, InterruptedException {
    try (StandIn standIn =
        StandIn.start(
            settings
                .withLifetimes(settings.controlTokenLifetime(), ROUTER_TOKEN)
                .withPageSize(2))) {
      List<SdkJudge.Verdict> verdicts = SdkJudge.judge(standIn, second);
      return new Judgement(verdicts, standIn.running());
    }
  }

  private static Stream<DynamicNode> tests(String backend, Judgement judgement) {
    List<DynamicNode> tests = new ArrayList<>();
    for (SdkJudge.Verdict verdict : judgement.verdicts()) {
      tests.add(
          dynamicTest(
              backend + ": " + verdict.name(),
              () -> assertThat(verdict.passed()).as(verdict.error()).isTrue()));
    }
    tests.add(
        dynamicTest(
            backend + ": no sandbox is left running",
            () -> assertThat(judgement.running()).isEmpty()));
    return tests.stream();
  }
}
