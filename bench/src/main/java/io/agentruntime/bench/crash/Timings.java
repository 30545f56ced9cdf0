// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How soon after a server began to listen its clients' streams went on. Thread-safe. */
final class Timings {
  private final List<Long> caughtUp = Collections.synchronizedList(new ArrayList<>());
  private final List<Long> continued = Collections.synchronizedList(new ArrayList<>());

  /** A client that waits for more has got all that there was. */
  void joined(ServerLife server) {
    caughtUp.add(since(server));
  }

  /** A client that waits for more has got the first of it. */
  void continued(ServerLife server) {
    continued.add(since(server));
  }

  private static long since(ServerLife server) {
    return (System.nanoTime() - server.listeningAt()) / 1_000_000;
  }

  /** Milliseconds until clients had all that there was, in order of size. */
  List<Long> caughtUp() {
    return sorted(caughtUp);
  }

  /** Milliseconds until clients got something new, in order of size. */
  List<Long> continued() {
    return sorted(continued);
  }

  private static List<Long> sorted(List<Long> values) {
    synchronized (values) {
      return values.stream().sorted().toList();
    }
  }
}
