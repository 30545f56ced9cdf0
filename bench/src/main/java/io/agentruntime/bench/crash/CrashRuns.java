// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import io.agentruntime.bench.Bench;
import io.agentruntime.bench.Settings;
import io.agentruntime.bench.crash.CrashRun.Part;
import io.agentruntime.bench.crash.CrashRun.Plan;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/** Kills servers, prints what was found, and fails on any violation. */
public final class CrashRuns implements Bench.Measurement {
  /** Needed by nobody but the list of measurements. */
  public CrashRuns() {}

  @Override
  public String question() {
    return "Is anything lost or done twice when servers are killed? (seed=0: any seed)";
  }

  @Override
  public Settings defaults() {
    return Settings.of(
        Map.of(
            "seed",
            0,
            "kills",
            10,
            "runs",
            1,
            "clients",
            3,
            "docker",
            0,
            "modal",
            0,
            "agent",
            0,
            "postgresql",
            0,
            "lifeMs",
            8_000,
            "continueMs",
            5_000));
  }

  @Override
  public void run(Settings settings, Path folder, PrintStream out) throws Exception {
    int first = settings.get("seed");
    if (first == 0) {
      first = ThreadLocalRandom.current().nextInt(1, 1_000_000);
    }
    boolean clean = true;
    for (int run = 0; run < settings.get("runs"); run++) {
      Plan plan =
          new Plan(
              Part.of(agent(settings.get("agent"))),
              first + run,
              settings.get("kills"),
              settings.get("clients"),
              Duration.ofMillis(settings.get("lifeMs")),
              Duration.ofMillis(settings.get("continueMs")));
      clean &=
          once(
              plan,
              settings.get("modal") > 0
                  ? Isolation.MODAL
                  : settings.get("docker") > 0 ? Isolation.DOCKER : Isolation.LOCAL,
              settings.get("postgresql") > 0,
              Files.createDirectories(folder.resolve("run-" + run)),
              out);
    }
    if (!clean) {
      throw new Bench.Failure("something was lost, or done twice, or was late");
    }
  }

  private static Agent agent(int number) {
    Agent[] all = Agent.values();
    if (number >= all.length) {
      throw new IllegalArgumentException(
          "agent=" + number + " is none of 0 to " + (all.length - 1));
    }
    return all[number];
  }

  /**
   * Makes one run and prints its report.
   *
   * @return whether nothing was wrong
   */
  static boolean once(
      Plan plan, Isolation isolation, boolean postgresql, Path folder, PrintStream out)
      throws Exception {
    out.printf(
        "run of %s with seed=%d kills=%d in %s sandboxes postgresql=%d%n",
        plan.agents(), plan.seed(), plan.kills(), isolation.provider(), postgresql ? 1 : 0);
    CrashRun run = new CrashRun(plan, SocketStream::open);
    try (ScriptedModel model =
        ScriptedModel.start(ScriptedModelOptions.defaults().withBind("0.0.0.0"))) {
      Map<Part, List<String>> undisturbed;
      try (World calm =
          new World(
              Files.createDirectories(folder.resolve("calm")),
              isolation,
              plan.agents(),
              database(postgresql, folder.resolve("calm")),
              model.baseUri())) {
        undisturbed = run.undisturbed(calm);
      }
      try (World world =
          new World(
              Files.createDirectories(folder.resolve("deadly")),
              isolation,
              plan.agents(),
              database(postgresql, folder.resolve("deadly")),
              model.baseUri())) {
        run.run(world, undisturbed);
        if (!run.findings().isClean()) {
          Path kept = Files.createTempFile("crash-seed-" + plan.seed() + "-", ".log");
          Files.write(kept, Files.readAllBytes(world.log()));
          out.println("the servers' log is kept: " + kept);
        }
      }
    }
    report(run, out);
    return run.findings().isClean();
  }

  private static Database database(boolean postgresql, Path folder)
      throws IOException, InterruptedException {
    return postgresql ? Database.postgresql() : Database.sqlite(folder);
  }

  private static void report(CrashRun run, PrintStream out) {
    out.println("kills: " + new TreeMap<>(run.kills()));
    out.println(
        "after a restart, ms: everything there %s; first news %s"
            .formatted(spread(run.timings().caughtUp()), spread(run.timings().continued())));
    if (!run.cloudTroubles().isEmpty()) {
      out.println("and in the cloud: " + run.cloudTroubles());
    }
    run.findings().lines().forEach(out::println);
  }

  private static String spread(List<Long> sorted) {
    return sorted.isEmpty()
        ? "(none)"
        : "%d times, median %d, worst %d"
            .formatted(sorted.size(), sorted.get(sorted.size() / 2), sorted.getLast());
  }
}
