// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The scripted model as a process of its own. Prints its base URI as the only line on standard
 * output once it listens, and ends in good order on SIGTERM or SIGINT.
 */
public final class ScriptedModelServer {

  private static final String HELP =
      """
      Usage: java -cp … io.agentruntime.scriptedmodel.ScriptedModelServer [options]
        --bind ADDRESS            listen here (127.0.0.1)
        --port PORT               listen there; 0 takes a free port (0)
        --path-token TOKEN        secret in the base path: http://host:port/t/TOKEN
        --api-key KEY             clients must send this key; also as SCRIPTED_MODEL_API_KEY
        --working-directory DIR   meaning of relative paths when the agent does not say (/workspace)
        --chunk N                 characters in a delta (12)
        --gap MILLIS              pause before each delta (0)
        --max-body BYTES          refuse larger requests (67108864)
        --max-connections N       more connections wait (1024)
        --scenario NAME=FILE      a further script for [[scenario:NAME]]; may be repeated
        --exit-with-stdin         end when standard input ends (for use as a child process)
        --help                    this text
      """;

  private ScriptedModelServer() {}

  /** Runs until it is told to end; exits with 2 on wrong arguments, with 1 when it cannot start. */
  public static void main(String[] args) throws InterruptedException {
    Arguments arguments;
    try {
      arguments = Arguments.read(List.of(args), System.getenv());
    } catch (IllegalArgumentException | IOException e) {
      System.err.println(e.getMessage());
      System.err.print(HELP);
      System.exit(2);
      return;
    }
    if (arguments.help()) {
      System.out.print(HELP);
      return;
    }
    try {
      run(arguments, System.out);
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void run(Arguments arguments, PrintStream out)
      throws IOException, InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    try (ScriptedModel model = ScriptedModel.start(arguments.options())) {
      Thread hook = Thread.ofPlatform().unstarted(() -> closeQuietly(model));
      Runtime.getRuntime().addShutdownHook(hook);
      out.println(model.baseUri());
      out.flush();
      if (arguments.exitWithStdin()) {
        Thread.ofVirtual().name("stdin-watch").start(() -> awaitEndOfInput(end));
      }
      end.await();
    }
  }

  private static void closeQuietly(ScriptedModel model) {
    try {
      model.close();
    } catch (IOException e) {
      System.err.println("Closing failed: " + e.getMessage());
    }
  }

  private static void awaitEndOfInput(CountDownLatch end) {
    try {
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      System.err.println("Standard input failed: " + e.getMessage());
    } finally {
      end.countDown();
    }
  }

  /** What the command line says. */
  record Arguments(ScriptedModelOptions options, boolean exitWithStdin, boolean help) {

    static Arguments read(List<String> args, java.util.Map<String, String> environment)
        throws IOException {
      ScriptedModelOptions options = ScriptedModelOptions.defaults();
      String key = environment.get("SCRIPTED_MODEL_API_KEY");
      if (key != null && !key.isEmpty()) {
        options = options.withApiKey(key);
      }
      boolean exitWithStdin = false;
      for (int i = 0; i < args.size(); i++) {
        String name = args.get(i);
        switch (name) {
          case "--help", "-h" -> {
            return new Arguments(options, false, true);
          }
          case "--exit-with-stdin" -> exitWithStdin = true;
          default -> {
            if (i + 1 == args.size()) {
              throw new IllegalArgumentException("Unknown option, or one without a value: " + name);
            }
            options = with(options, name, args.get(++i));
          }
        }
      }
      return new Arguments(options, exitWithStdin, false);
    }

    private static ScriptedModelOptions with(ScriptedModelOptions o, String name, String value)
        throws IOException {
      return switch (name) {
        case "--bind" -> o.withBind(value);
        case "--port" -> o.withPort(number(name, value));
        case "--path-token" -> o.withPathToken(value);
        case "--api-key" -> o.withApiKey(value);
        case "--working-directory" -> o.withWorkingDirectory(value);
        case "--chunk" -> o.withChunks(number(name, value), o.chunkGap());
        case "--gap" -> o.withChunks(o.chunkCodePoints(), Duration.ofMillis(number(name, value)));
        case "--max-body" ->
            o.withLimits(number(name, value), o.maxConnections(), o.recordedRequests());
        case "--max-connections" ->
            o.withLimits(o.maxBodyBytes(), number(name, value), o.recordedRequests());
        case "--scenario" -> scenario(o, value);
        default -> throw new IllegalArgumentException("Unknown option: " + name);
      };
    }

    private static ScriptedModelOptions scenario(ScriptedModelOptions options, String value)
        throws IOException {
      int equals = value.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("--scenario wants NAME=FILE");
      }
      Path file = Path.of(value.substring(equals + 1));
      if (!Files.isReadable(file)) {
        throw new IllegalArgumentException("The scenario file cannot be read: " + file);
      }
      return options.withScenario(value.substring(0, equals), Files.readString(file));
    }

    private static int number(String name, String value) {
      try {
        return Integer.parseInt(value);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(name + " wants a number, not " + value, e);
      }
    }
  }
}
