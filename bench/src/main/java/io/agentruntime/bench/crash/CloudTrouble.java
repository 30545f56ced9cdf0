// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * What a cloud does to its customers, again and again until it is closed: streams of output that
 * are cut at any byte, calls that fail for a moment, tokens that are refused, connections that
 * break. Confined to its owner, but for its own thread.
 */
final class CloudTrouble implements AutoCloseable {
  private static final List<String> CUTS =
      List.of("UNAVAILABLE", "CONNECTION", "RESET", "NO_STATUS");

  private static final List<String> CALLS =
      List.of(
          "TaskExecStart",
          "TaskExecStdinWrite",
          "TaskExecStdioRead",
          "TaskExecWait",
          "SandboxCreateV2",
          "SandboxWaitV2",
          "SandboxListV2");

  private static final int LATEST_CUT = 6_000;
  private static final int LONGEST_PAUSE_MILLIS = 600;

  private final ModalStandIn cloud;
  private final Random random;
  private final Map<String, Integer> made = Collections.synchronizedMap(new TreeMap<>());
  private final Thread thread;
  private volatile boolean over;

  /** Begins. */
  CloudTrouble(ModalStandIn cloud, long seed) {
    this.cloud = cloud;
    this.random = new Random(seed);
    this.thread = Thread.ofPlatform().daemon().name("cloud-trouble").start(this::make);
  }

  /** How often there was trouble, by its name. */
  Map<String, Integer> made() {
    synchronized (made) {
      return new TreeMap<>(made);
    }
  }

  private void make() {
    while (!over) {
      LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_MILLIS) * 1_000_000L);
      try {
        next();
      } catch (IOException e) {
        made.merge("not made", 1, Integer::sum);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void next() throws IOException, InterruptedException {
    switch (random.nextInt(10)) {
      case 0 -> tell("revoke", "tokens of the router refused");
      case 1 -> tell("revokeControl", "tokens of the control plane refused");
      case 2 -> tell("drop", "connections broken");
      case 3, 4 ->
          tell(
              "refuse?kind=UNAVAILABLE&times=%d&call=%s"
                  .formatted(1 + random.nextInt(2), CALLS.get(random.nextInt(CALLS.size()))),
              "calls unavailable");
      default -> {
        String how = CUTS.get(random.nextInt(CUTS.size()));
        tell(
            "cut?call=TaskExecStdioRead&kind=%s&after=%d"
                .formatted(how, random.nextInt(LATEST_CUT)),
            "streams cut: " + how);
      }
    }
  }

  private void tell(String what, String name) throws IOException, InterruptedException {
    String answer = cloud.tell(what);
    made.merge(answer.isEmpty() ? name : answer, 1, Integer::sum);
  }

  /** Makes no more. */
  @Override
  public void close() throws InterruptedException {
    over = true;
    thread.interrupt();
    thread.join();
  }
}
