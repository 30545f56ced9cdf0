// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import io.agentruntime.bench.crash.Script.Kind;
import io.agentruntime.bench.crash.mortal.CrashPoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills servers of one world again and again while clients work, and then looks for what is lost.
 * Confined to one thread.
 */
final class CrashRun {
  private static final Duration START = Duration.ofSeconds(90);

  /** A turn may see several servers die, each of which takes its time to start. */
  private static final Duration TURN = Duration.ofMinutes(5);

  private static final Duration STOP = Duration.ofSeconds(120);
  private static final Duration ORPHANS = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = 200_000_000;

  /** For each time that all points were used once. */
  private static final int RANDOM_PER_ROUND = 4;

  private static final int LATEST_MILLIS = 6_000;

  private final Plan plan;
  private final EventStream.Transport transport;
  private final Random random;
  private final Findings findings = new Findings();
  private final Map<String, Integer> kills = new TreeMap<>();
  private final Timings timings = new Timings();
  private Map<String, Integer> cloudTroubles = Map.of();
  private int processesSeen;

  /**
   * What to do.
   *
   * @param parts what is played, again and again
   * @param seed of the scripts and of the kills
   * @param kills how many
   * @param clients how many sessions at once
   * @param perLife how long a server lives at most before it is killed
   * @param continues how soon after a restart clients must have everything
   */
  record Plan(
      List<Part> parts, long seed, int kills, int clients, Duration perLife, Duration continues) {
    Plan {
      parts = List.copyOf(parts);
    }

    /** The programs that work. */
    List<Agent> agents() {
      return parts.stream().map(Part::agent).distinct().toList();
    }
  }

  /**
   * A script for an agent.
   *
   * @param agent who plays it
   * @param kind what it is about
   */
  record Part(Agent agent, Kind kind) {
    /** All that an agent can play. */
    static List<Part> of(Agent agent) {
      return agent.kinds().stream().map(kind -> new Part(agent, kind)).toList();
    }
  }

  CrashRun(Plan plan, EventStream.Transport transport) {
    this.plan = plan;
    this.transport = transport;
    this.random = new Random(plan.seed());
  }

  Findings findings() {
    return findings;
  }

  /** How many servers died, by where. */
  Map<String, Integer> kills() {
    return Collections.unmodifiableMap(kills);
  }

  Timings timings() {
    return timings;
  }

  /** What else the sandboxes' cloud did meanwhile, where they are in one. */
  Map<String, Integer> cloudTroubles() {
    return cloudTroubles;
  }

  /** The most processes that were seen in sandboxes of this host at once. */
  int processesSeen() {
    return processesSeen;
  }

  /** Plays each kind of script once on a server that nothing happens to. */
  Map<Part, List<String>> undisturbed(World world) throws Exception {
    Servers servers = new Servers();
    Map<Part, List<String>> conversations = new HashMap<>();
    try (ServerLife server = world.start(null)) {
      requireHealthy(server, world);
      servers.now(server);
      List<SessionClient> clients = new ArrayList<>();
      for (Part part : plan.parts()) {
        clients.add(client("calm", part, servers, new Timings()));
      }
      play(clients);
      StoryTeller teller = new StoryTeller(world, servers, transport);
      for (SessionClient client : clients) {
        if (client.session().isEmpty()) {
          throw new IOException(client.name() + ": " + client.history().troubles());
        }
        Story story = teller.tell(client);
        Checker.check(story, story.conversation(), findings);
        conversations.put(client.part(), story.conversation());
      }
      stop(server);
    }
    return conversations;
  }

  private SessionClient client(String name, Part part, Servers servers, Timings into) {
    return new SessionClient(
        name + "-" + part.agent() + "-" + part.kind(),
        part,
        Script.of(plan.seed(), part.kind()),
        servers,
        transport,
        into,
        TURN);
  }

  private static void play(List<SessionClient> clients) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (SessionClient client : clients) {
      threads.add(Thread.ofVirtual().name(client.name()).start(() -> playOne(client)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void playOne(SessionClient client) {
    try {
      client.play();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills servers and checks what is left. */
  void run(World world, Map<Part, List<String>> undisturbed) throws Exception {
    Servers servers = new Servers();
    List<SessionClient> clients = new CopyOnWriteArrayList<>();
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger next = new AtomicInteger();
    List<Thread> workers = new ArrayList<>();
    List<Part> parts = plan.parts();
    for (int i = 0; i < plan.clients(); i++) {
      workers.add(
          Thread.ofVirtual()
              .name("worker-" + i)
              .start(
                  () -> {
                    while (!enough.get()) {
                      int number = next.getAndIncrement();
                      Part part = parts.get(number % parts.size());
                      SessionClient client = client("session-" + number, part, servers, timings);
                      clients.add(client);
                      playOne(client);
                    }
                  }));
    }
    if (world.isolation() == Isolation.MODAL) {
      try (CloudTrouble trouble = new CloudTrouble(world.cloud(), plan.seed())) {
        killServers(world, servers);
        cloudTroubles = trouble.made();
      }
    } else {
      killServers(world, servers);
    }
    enough.set(true);
    try (ServerLife last = world.start(null)) {
      requireHealthy(last, world);
      servers.now(last);
      for (Thread worker : workers) {
        worker.join();
      }
      StoryTeller teller = new StoryTeller(world, servers, transport);
      for (SessionClient client : clients) {
        if (!client.session().isEmpty()) {
          Checker.check(
              teller.tell(client), undisturbed.getOrDefault(client.part(), List.of()), findings);
        }
      }
      noOrphanSandbox(world, new Api(servers));
      stop(last);
    } finally {
      servers.now(null);
      servers.noMore();
    }
    checkTimings();
    nothingLeft(world);
  }

  private void killServers(World world, Servers servers) throws IOException, InterruptedException {
    List<String> points = new ArrayList<>();
    for (int kill = 0; kill < plan.kills(); kill++) {
      if (points.isEmpty()) {
        points.addAll(round());
      }
      String point = points.removeLast();
      try (ServerLife life =
          world.start(point.isEmpty() ? null : doom(CrashPoint.valueOf(point)))) {
        if (point.isEmpty()) {
          int millis = random.nextInt(LATEST_MILLIS);
          killAtRandom(life, servers, Duration.ofMillis(millis));
        } else {
          killAtPoint(life, servers, world, point);
        }
        processesSeen = Math.max(processesSeen, world.processes().size());
      }
    }
  }

  private List<String> round() {
    List<String> points = new ArrayList<>(Collections.nCopies(RANDOM_PER_ROUND, ""));
    for (CrashPoint point : CrashPoint.values()) {
      points.add(point.name());
    }
    Collections.shuffle(points, random);
    return points;
  }

  private String doom(CrashPoint point) {
    int often =
        switch (point) {
          case BEFORE_PERSIST, PERSISTED -> 60;
          case BEFORE_STDIN, TORN_STDIN, AFTER_STDIN, INPUT_JOURNALED, SYNCING, SYNCED -> 4;
          case TOOL -> 3;
          default -> 2;
        };
    int millis = point == CrashPoint.CREATING || point == CrashPoint.TOOL ? 250 : 1;
    return World.doom(point, 1 + random.nextInt(often), random.nextInt(millis));
  }

  /** At any time, also while it starts. */
  private void killAtRandom(ServerLife life, Servers servers, Duration after)
      throws InterruptedException {
    long begin = System.nanoTime();
    if (life.awaitHealthy(after)) {
      servers.now(life);
    }
    Duration left = after.minusNanos(System.nanoTime() - begin);
    boolean ended = life.awaitEnd(left.isNegative() ? Duration.ZERO : left);
    servers.now(null);
    life.kill();
    findings.require(
        Check.SERVERS_STARTED_AND_STOPPED, !ended, "a server ended with " + life.exitCode());
    kills.merge("random", 1, Integer::sum);
  }

  private void killAtPoint(ServerLife life, Servers servers, World world, String point)
      throws IOException, InterruptedException {
    boolean healthy = life.awaitHealthy(START);
    if (healthy) {
      servers.now(life);
    }
    boolean ended = life.awaitEnd(plan.perLife());
    findings.require(
        Check.SERVERS_STARTED_AND_STOPPED,
        healthy || ended,
        "a server does not start, see " + world.log());
    servers.now(null);
    life.kill();
    boolean asTold = ended && life.diedAtItsPoint();
    findings.require(
        Check.SERVERS_STARTED_AND_STOPPED,
        asTold || !ended,
        "a server ended with %d, see %s".formatted(life.exitCode(), world.log()));
    kills.merge(asTold ? point : "random", 1, Integer::sum);
  }

  private void requireHealthy(ServerLife server, World world)
      throws IOException, InterruptedException {
    if (!server.awaitHealthy(START)) {
      throw new IOException(
          "the server does not start:\n" + java.nio.file.Files.readString(world.log()));
    }
    findings.looked(Check.SERVERS_STARTED_AND_STOPPED, 1);
  }

  private void stop(ServerLife server) throws InterruptedException {
    server.terminate();
    boolean ended = server.awaitEnd(STOP);
    findings.require(
        Check.SERVERS_STARTED_AND_STOPPED,
        ended && server.exitCode() == 0,
        ended ? "a server stopped with " + server.exitCode() : "a server does not stop");
    server.kill();
  }

  private void checkTimings() {
    for (long millis : timings.caughtUp()) {
      findings.require(
          Check.STREAMS_CONTINUED,
          millis <= plan.continues().toMillis(),
          "a client had everything only after " + millis + " ms");
    }
  }

  /** Every sandbox that is there is the one that its session uses, soon. */
  private void noOrphanSandbox(World world, Api api) throws Exception {
    long deadline = System.nanoTime() + ORPHANS.toNanos();
    List<String> orphans;
    int seen = 0;
    do {
      orphans = new ArrayList<>();
      seen = 0;
      for (var listing : world.sandboxes()) {
        String session = String.valueOf(listing.labels().get("session"));
        String used = api.get("/api/sessions/" + session).json().at("/runtime/sandbox/id").asText();
        seen++;
        if (!used.equals(listing.id())) {
          orphans.add(listing.name());
        }
      }
      LockSupport.parkNanos(orphans.isEmpty() ? 0 : PAUSE_NANOS);
    } while (!orphans.isEmpty() && System.nanoTime() < deadline);
    findings.looked(Check.NO_ORPHAN_SANDBOX, seen);
    orphans.forEach(name -> findings.violation(Check.NO_ORPHAN_SANDBOX, name + " has no user"));
  }

  private void nothingLeft(World world) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + ORPHANS.toNanos();
    List<String> processes = world.processes();
    while (!processes.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(PAUSE_NANOS);
      processes = world.processes();
    }
    findings.looked(Check.NO_ORPHAN_PROCESS, processesSeen);
    processes.forEach(process -> findings.violation(Check.NO_ORPHAN_PROCESS, process));
    findings.looked(Check.NO_ORPHAN_SANDBOX, 1);
    world
        .sandboxes()
        .forEach(
            listing ->
                findings.violation(
                    Check.NO_ORPHAN_SANDBOX, listing.name() + " is left after the end"));
  }
}
