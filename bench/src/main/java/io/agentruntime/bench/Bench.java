// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import ch.qos.logback.classic.Level;
import io.agentruntime.bench.crash.CrashRuns;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Runs a measurement by its name: {@code NAME [KEY=NUMBER …]}. */
public final class Bench {
  /** A measurement. */
  public interface Measurement {
    /** The question that it answers, in one line. */
    String question();

    /** What it may be told, with what is taken otherwise. */
    Settings defaults();

    /** Measures and prints. */
    void run(Settings settings, Path folder, PrintStream out) throws Exception;
  }

  /** What was measured is not as it must be; the message is for people. */
  public static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    /** With a message. */
    public Failure(String message) {
      super(message);
    }
  }

  private static final Map<String, Measurement> ALL = measurements();

  private Bench() {}

  private static Map<String, Measurement> measurements() {
    Map<String, Measurement> all = new LinkedHashMap<>();
    all.put("turns", new TurnOverhead());
    all.put("latency", new DeltaLatency());
    all.put("agent-latency", new AgentDeltaLatency());
    all.put("idle", new IdleSessions());
    all.put("stalled", new StalledClient());
    all.put("adopt", new AdoptedSession());
    all.put("store-delay", new StoreDelay());
    all.put("stored", new StoredSessions());
    all.put("many", new ManySessions());
    all.put("decode", new TranscriptDecoding());
    all.put("crash", new CrashRuns());
    return all;
  }

  /** Runs what the first argument names. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(Arrays.asList(arguments), out));
  }

  static int run(List<String> arguments, PrintStream out) throws Exception {
    Measurement measurement = arguments.isEmpty() ? null : ALL.get(arguments.getFirst());
    if (measurement == null) {
      out.println("Name one of these, with KEY=NUMBER for other settings:");
      ALL.forEach((name, m) -> out.println("  " + name + "  " + m.question() + " " + m.defaults()));
      return 64;
    }
    Settings settings = measurement.defaults();
    try {
      for (String argument : arguments.subList(1, arguments.size())) {
        settings = settings.with(argument);
      }
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage());
      return 64;
    }
    for (String name : List.of("ROOT", "io.agentruntime")) {
      if (LoggerFactory.getLogger(name) instanceof ch.qos.logback.classic.Logger logger) {
        logger.setLevel(Level.WARN);
      }
    }
    out.println("# " + arguments.getFirst() + ": " + measurement.question());
    out.println("# settings " + settings + "; " + machine());
    // A folder of a measurement that broke off stays: what it started may still write there.
    Path folder = Files.createTempDirectory("bench");
    try {
      measurement.run(settings, folder, out);
      delete(folder);
    } catch (Failure e) {
      out.println("FAILED: " + e.getMessage());
      delete(folder);
      return 1;
    } finally {
      out.println("# afterwards: load " + load());
    }
    return 0;
  }

  private static String machine() {
    return Instant.now().truncatedTo(ChronoUnit.MINUTES)
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " processors, Java "
        + Runtime.version()
        + ", heap "
        + (Runtime.getRuntime().maxMemory() >> 20)
        + " MB, load "
        + load();
  }

  private static String load() {
    return String.format(
        Locale.ROOT, "%.1f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static void delete(Path folder) throws IOException {
    try (var tree = Files.walk(folder)) {
      for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
