// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The streams of one program started in a container.
 *
 * <p>This speaks the engine's protocol itself, because docker-java cannot end a program's standard
 * input: closing {@link #stdin()} shuts the sending half of the connection, which the engine passes
 * on as end of file. One thread may read while another writes.
 */
final class ExecStream implements AutoCloseable {
  private static final int ERROR_LIMIT = 16 * 1024;
  private static final byte[] START =
      "{\"Detach\":false,\"Tty\":false}".getBytes(StandardCharsets.US_ASCII);

  private final EngineConnection connection;
  private final FrameInput stdout;
  private final OutputStream stdin;

  private ExecStream(EngineConnection connection, InputStream raw) {
    this.connection = connection;
    this.stdout = new FrameInput(raw, ERROR_LIMIT);
    this.stdin = connection.output();
  }

  /**
   * Starts a program that was created at the engine.
   *
   * @param connection closed with the stream, and on failure
   * @param execId the engine's id for it
   */
  static ExecStream start(EngineConnection connection, String execId) throws IOException {
    try {
      HttpExchange answer =
          HttpExchange.send(
              connection,
              "POST",
              "/exec/" + execId + "/start",
              Map.of("Content-Type", "application/json", "Connection", "Upgrade", "Upgrade", "tcp"),
              new RequestBody.Bytes(START));
      // Engines that do not know the upgrade answer 200 and stream all the same.
      if (answer.status() != 101 && answer.status() != 200) {
        throw EngineRefusal.of(answer);
      }
      return new ExecStream(connection, answer.body());
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Standard input; closing it is end of file for the program. */
  OutputStream stdin() {
    return stdin;
  }

  /** Standard output; its end comes when the program and all who inherited its streams ended. */
  InputStream stdout() {
    return stdout;
  }

  /** The end of standard error, as far as {@link #stdout} was read. */
  String errors() {
    return stdout.errors();
  }

  /** Lets both directions be silent for as long as they like. */
  void neverTimeOut() {
    connection.timeout(Watchdog.UNLIMITED);
  }

  @Override
  public void close() {
    connection.close();
  }
}
