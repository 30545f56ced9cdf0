// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.agentruntime.sandbox.modal.wire.Probe;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a sandbox's probe until it says that the sandbox is ready. */
final class Readiness {
  private static final int CONNECT_MILLIS = 1000;

  private final LocalSandbox sandbox;
  private final InstantSource clock;

  Readiness(LocalSandbox sandbox, InstantSource clock) {
    this.sandbox = sandbox;
    this.clock = clock;
  }

  /** When it was ready, in seconds since the epoch. */
  double await(double seconds) throws IOException, InterruptedException, ExecutionException {
    if (!sandbox.identity().definition().hasReadinessProbe()) {
      throw Status.FAILED_PRECONDITION
          .withDescription("the sandbox has no readiness probe")
          .asRuntimeException();
    }
    Probe probe = sandbox.identity().definition().getReadinessProbe();
    Instant deadline = clock.instant().plusMillis((long) (seconds * 1000));
    long pause = probe.hasIntervalMs() ? probe.getIntervalMs() : 100;
    while (sandbox.readyAt().isEmpty()) {
      if (isReady(probe)) {
        sandbox.setReady(clock.instant());
      } else if (clock.instant().isAfter(deadline)) {
        throw Status.DEADLINE_EXCEEDED.withDescription("not ready").asRuntimeException();
      } else {
        pause(pause);
      }
    }
    return sandbox.readyAt().orElseThrow().toEpochMilli() / 1000.0;
  }

  private void pause(long millis) throws InterruptedException, ExecutionException {
    try {
      var unused = sandbox.result().get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException stillRunning) {
      return;
    }
    throw sandbox.gone().asRuntimeException();
  }

  private boolean isReady(Probe probe)
      throws IOException, InterruptedException, ExecutionException {
    if (probe.hasTcpPort()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", probe.getTcpPort()), CONNECT_MILLIS);
        return true;
      } catch (IOException e) {
        return false;
      }
    }
    Path spools = Files.createTempDirectory(sandbox.machine().root().getParent(), "probe");
    Execution execution =
        Execution.start(
            sandbox.machine(),
            new Execution.Order(
                probe.getExecCommand().getArgvList(),
                sandbox.variables(),
                sandbox.workFolder(),
                false,
                false,
                false,
                false),
            spools);
    return execution.exit().get().status() == 0;
  }
}
