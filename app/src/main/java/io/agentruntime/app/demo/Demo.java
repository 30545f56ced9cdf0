// SPDX-License-Identifier: MIT

package io.agentruntime.app.demo;

import io.agentruntime.app.config.LauncherEnvironment;
import io.agentruntime.app.config.ServerConfig;
import io.agentruntime.app.profile.ProfileFolder;
import io.agentruntime.app.wiring.LogOutput;
import io.agentruntime.app.wiring.ScriptedModelService;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.CreateSession;
import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs one turn of the real agent program in a sandbox, fed by the scripted model, and prints what
 * a client would see.
 *
 * <p>Exit codes: 0 when the turn ended well and left a file, 1 when not, 64 for wrong arguments.
 */
public final class Demo {
  private static final Duration TURN = Duration.ofMinutes(4);
  private static final String PROMPT =
      "Show what you can do: think, write a file and run it. [[scenario:demo]]";

  private final PrintStream out;

  private Demo(PrintStream out) {
    this.out = out;
  }

  /** Runs the demo. */
  public static void main(String[] args) throws InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(args), System.getenv(), out));
  }

  static int run(List<String> args, Map<String, String> environment, PrintStream out)
      throws InterruptedException {
    try {
      DemoArguments arguments = DemoArguments.of(args);
      LogOutput.configure(new ServerConfig.Logging("warn", false));
      return new Demo(out).run(arguments, environment) ? 0 : 1;
    } catch (IllegalArgumentException e) {
      out.println("demo: " + e.getMessage());
      return 64;
    } catch (AgentRuntimeException | IOException e) {
      out.println("demo: failed: " + e.getMessage());
      return 1;
    }
  }

  private boolean run(DemoArguments arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path home = LauncherEnvironment.home(environment).resolve("demo");
    try (ScriptedModelService model =
            ScriptedModelService.start(arguments.sandbox(), Optional.empty());
        AgentRuntime runtime =
            AgentRuntime.start(
                RuntimeConfig.builder(home)
                    .sandbox(arguments.sandbox())
                    .persistence("memory")
                    .allowUnisolated(true)
                    .settings(LauncherEnvironment.settings(environment))
                    .secrets(model.before(SecretSource.of(Map.of())))
                    .profiles(ProfileFolder.of(home.resolve("profiles")))
                    .build())) {
      out.println(
          arguments.agent().title()
              + " in a "
              + arguments.sandbox()
              + " sandbox, fed by a scripted model");
      Session session =
          runtime.sessions().create(CreateSession.of(arguments.agent().architecture(), "default"));
      session.send(MessageRequest.text(PROMPT));
      boolean completed = follow(session);
      return printFiles(session) && completed;
    }
  }

  /** Prints events until the turn's changes are stored; whether the turn ended well. */
  private boolean follow(Session session) throws InterruptedException {
    EventPrinter printer = new EventPrinter(out);
    boolean completed = false;
    long deadline = System.nanoTime() + TURN.toNanos();
    try (EventFeed feed = session.feed(0)) {
      while (System.nanoTime() < deadline) {
        FeedBatch batch = feed.next(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        for (EventEnvelope envelope : batch.events()) {
          printer.print(envelope);
          switch (envelope.event()) {
            case SessionEvent.TurnCompleted e -> completed = true;
            case SessionEvent.TurnFailed e -> {
              return false;
            }
            case SessionEvent.TurnInterrupted e -> {
              return false;
            }
            case SessionEvent.TranscriptSaved e -> {
              if (completed) {
                return true;
              }
            }
            default -> {
              // Only printed.
            }
          }
        }
        if (batch.ended()) {
          return completed;
        }
      }
    }
    out.println("demo: the turn did not end within " + TURN.toSeconds() + " s");
    return false;
  }

  private boolean printFiles(Session session) throws IOException, InterruptedException {
    boolean any = false;
    for (WorkspaceFile file : session.view().files()) {
      if (file.kind() == FileKind.REGULAR) {
        any = true;
        out.println();
        out.println("--- " + file.path() + " (" + file.size() + " bytes) ---");
        try (InputStream content = session.open(file)) {
          out.println(
              new String(content.readNBytes(10_000), StandardCharsets.UTF_8).stripTrailing());
        }
      }
    }
    return any;
  }
}
