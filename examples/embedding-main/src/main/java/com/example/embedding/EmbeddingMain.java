package com.example.embedding;

import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.CreateSession;
import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One turn of an agent, in a program that is no server. */
public final class EmbeddingMain {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private EmbeddingMain() {}

  /** Runs one turn with the first argument, if there is one, as the message. */
  public static void main(String[] args) throws IOException, InterruptedException {
    run(
        Files.createTempDirectory("embedding"),
        args.length > 0 ? args[0] : "Good morning.",
        System.out);
  }

  static void run(Path data, String message, PrintStream out)
      throws IOException, InterruptedException {
    // tag::start[]
    RuntimeConfig config =
        RuntimeConfig.builder(data)
            .sandbox("local")
            .persistence("memory")
            .profiles(ProfileSource.of(List.of(AgentProfile.named("default", "Default"))))
            .build();
    try (AgentRuntime runtime = AgentRuntime.start(config)) {
      Session session = runtime.sessions().create(echoing());
      session.send(MessageRequest.text(message));
      follow(session, out);
      manage(runtime, session.id(), out);
    }
    // end::start[]
    out.println("closed");
  }

  /** With another architecture on the class path, its id and a profile are all that is needed. */
  private static CreateSession echoing() throws IOException {
    Map<String, Object> program = Map.of("command", List.of("sh", "-c", echoAgent()));
    return new CreateSession(
        "acp", "default", Map.of("acp", program), "An echo", Map.of(), null, List.of(), null, null);
  }

  private static String echoAgent() throws IOException {
    try (InputStream script = EmbeddingMain.class.getResourceAsStream("echo-agent.sh")) {
      if (script == null) {
        throw new IOException("echo-agent.sh is missing from the class path");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  // tag::follow[]
  /** Prints each block when it is complete, until the turn has ended. */
  private static void follow(Session session, PrintStream out) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (EventFeed feed = session.feed(0)) {
      while (System.nanoTime() < deadline) {
        FeedBatch batch = feed.next(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        for (EventEnvelope envelope : batch.events()) {
          switch (envelope.event()) {
            case SessionEvent.BlockCompleted completed -> print(completed.block(), out);
            case SessionEvent.TurnCompleted ended -> {
              return;
            }
            case SessionEvent.TurnFailed failed ->
                throw new IllegalStateException("the turn failed: " + failed.message());
            default -> {
              // There is much more: deltas, files, permissions, usage.
            }
          }
        }
        if (batch.ended()) {
          throw new IllegalStateException("the session was unloaded");
        }
      }
    }
    throw new IllegalStateException("no end of the turn within " + PATIENCE);
  }

  private static void print(Block block, PrintStream out) {
    switch (block) {
      case Block.UserMessage said -> out.println("user: " + said.content().plainText());
      case Block.AssistantText said -> out.println("agent: " + said.text());
      default -> out.println(block.getClass().getSimpleName());
    }
  }

  // end::follow[]

  // tag::manage[]
  /** What can be done with sessions from outside of them. */
  private static void manage(AgentRuntime runtime, SessionId id, PrintStream out)
      throws InterruptedException {
    out.println("loaded: " + runtime.sessions().loaded().size());
    out.println("sandbox: " + runtime.sessions().runtimeState(id).sandbox());
    Session session = runtime.sessions().get(id);
    out.println("blocks: " + session.view().conversation().blocks().size());
    out.println("unloaded: " + runtime.sessions().unload(id));
    out.println("loaded: " + runtime.sessions().loaded().size());
  }
  // end::manage[]
}
