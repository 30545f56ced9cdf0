// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.requirement;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Short questions to programs and engines, each with a deadline. Thread-safe. */
final class Probe {
  private static final Duration DEADLINE = Duration.ofSeconds(120);
  private static final int LONGEST_ANSWER = 8192;

  private Probe() {}

  /**
   * The first line a program prints.
   *
   * @throws IOException if it cannot be started, fails or does not end in time
   */
  static String firstLineOf(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException(command + " did not end within " + DEADLINE.toSeconds() + " s");
      }
      // Read after the end: a first line fits any pipe, and a program that fills it runs into the
      // deadline.
      byte[] output = process.getInputStream().readNBytes(LONGEST_ANSWER);
      String line = new String(output, StandardCharsets.UTF_8).lines().findFirst().orElse("");
      if (process.exitValue() != 0) {
        throw new IOException(command + " exited with " + process.exitValue() + ": " + line);
      }
      return line;
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * The status with which a Docker engine answers a GET.
   *
   * @param engine {@code unix:///path} or {@code tcp://host:port}
   * @throws IOException if it cannot be reached or does not answer in time
   */
  static int status(URI engine, String path) throws IOException, InterruptedException {
    // A Unix domain socket has no read timeout: interrupting the reader closes the channel.
    FutureTask<Integer> question = new FutureTask<>(() -> ask(engine, path));
    Thread thread = Thread.ofVirtual().name("probe-docker").start(question);
    try {
      return question.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + DEADLINE.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      thread.interrupt();
    }
  }

  private static int ask(URI engine, String path) throws IOException {
    try (SocketChannel channel = SocketChannel.open(address(engine))) {
      String request = "GET " + path + " HTTP/1.0\r\nHost: docker\r\n\r\n";
      ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
      while (out.hasRemaining()) {
        channel.write(out);
      }
      ByteBuffer in = ByteBuffer.allocate(LONGEST_ANSWER);
      while (in.hasRemaining() && channel.read(in) >= 0) {
        String read = new String(in.array(), 0, in.position(), StandardCharsets.US_ASCII);
        int end = read.indexOf("\r\n");
        if (end > 0) {
          return statusIn(read.substring(0, end));
        }
      }
      throw new IOException("the answer is not HTTP");
    }
  }

  private static int statusIn(String line) throws IOException {
    String[] words = line.split(" ", 3);
    if (words.length < 2 || !words[1].matches("[0-9]{3}")) {
      throw new IOException("the answer is not HTTP: " + line);
    }
    return Integer.parseInt(words[1]);
  }

  private static SocketAddress address(URI engine) throws IOException {
    return switch (String.valueOf(engine.getScheme())) {
      case "unix" -> UnixDomainSocketAddress.of(engine.getPath());
      case "tcp", "http" -> new InetSocketAddress(engine.getHost(), engine.getPort());
      default -> throw new IOException("not an address of an engine: " + engine);
    };
  }
}
