package io.agentruntime.architecture.gemini;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.SessionEvent.PermissionRequested;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.spi.architecture.AgentProgram;
import io.agentruntime.spi.architecture.ProgramRequest;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.ProtocolStep;
import io.agentruntime.spi.architecture.TurnInput;
import io.agentruntime.testkit.architecture.ProtocolInput;
import io.agentruntime.testkit.architecture.ProtocolSession;
import io.agentruntime.testkit.architecture.Recording;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The real program, run by a driver without a core: starts it, feeds its lines to the protocol,
 * writes what the protocol says, and remembers every input in order. The caller closes it.
 */
final class GeminiProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String END = "\u0000end";

  private final Process process;
  private final OutputStream stdin;
  private final Path stderr;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<ProtocolInput> inputs = new ArrayList<>();
  private final ProtocolSession session;
  private int turns;

  private GeminiProcess(Process process, Path stderr, ProtocolSession session) {
    this.process = process;
    this.stdin = process.getOutputStream();
    this.stderr = stderr;
    this.session = session;
    Thread.ofVirtual().name("gemini-stdout").start(this::read);
  }

  static GeminiProcess start(
      GeminiMachine machine, ProgramRequest request, ConversationMetadata before)
      throws IOException {
    GeminiArchitecture architecture = new GeminiArchitecture();
    AgentProgram program = architecture.program(request);
    ProcessBuilder builder = new ProcessBuilder(program.command());
    builder.directory(Path.of(program.workingDirectory()).toFile());
    builder.environment().clear();
    builder.environment().putAll(machine.environment());
    builder.environment().putAll(program.environment());
    Path stderr = Files.createTempFile(machine.root(), "stderr", ".txt");
    builder.redirectError(stderr.toFile());
    ProtocolSession session =
        new ProtocolSession(
            architecture.protocol(
                new ProtocolStart(
                    request.sessionId(),
                    request.nativeId(),
                    request.profile(),
                    request.options(),
                    request.resume(),
                    1,
                    Map.of(),
                    before,
                    machine.paths())));
    GeminiProcess started = new GeminiProcess(builder.start(), stderr, session);
    started.apply(new ProtocolInput.Start());
    return started;
  }

  private void read() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("unreadable: " + e);
    }
    lines.add(END);
  }

  /** Says something and waits until the turn is over. */
  TurnOutcome ask(String text) throws Exception {
    say(text);
    return awaitOutcome();
  }

  TurnOutcome ask(UserContent content) throws Exception {
    say(content);
    return awaitOutcome();
  }

  MessageId say(String text) throws IOException {
    return say(new UserContent.Text(text));
  }

  MessageId say(UserContent content) throws IOException {
    MessageId id = new MessageId(java.util.UUID.randomUUID().toString());
    apply(new ProtocolInput.Turn(new TurnInput(id, content)));
    return id;
  }

  void interrupt() throws IOException {
    apply(new ProtocolInput.Interrupt());
  }

  void answer(PermissionRequest request, boolean allowed) throws IOException {
    apply(
        new ProtocolInput.Answer(
            new PermissionAnswer(request.requestId(), allowed, null, null, "client")));
  }

  PermissionRequest awaitPermissionRequest() throws Exception {
    Emission emission = await(each -> each.event() instanceof PermissionRequested);
    return ((PermissionRequested) emission.event()).request();
  }

  /** Waits for an event that was not there before. */
  Emission await(Predicate<Emission> wanted) throws Exception {
    while (true) {
      ProtocolStep step = next();
      for (Emission emission : step.emissions()) {
        if (wanted.test(emission)) {
          return emission;
        }
      }
      if (step.outcome() != null) {
        throw new AssertionError("the turn ended first: " + step.outcome());
      }
    }
  }

  TurnOutcome awaitOutcome() throws Exception {
    while (session.outcomes().size() == turns) {
      next();
    }
    return session.outcomes().get(turns++);
  }

  private ProtocolStep next() throws Exception {
    String line = lines.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw new AssertionError("the program is silent; stderr: " + Files.readString(stderr));
    }
    if (line.equals(END)) {
      process.waitFor();
      return apply(new ProtocolInput.Exit(process.exitValue(), Files.readString(stderr)));
    }
    return apply(new ProtocolInput.Line(line));
  }

  private ProtocolStep apply(ProtocolInput input) throws IOException {
    inputs.add(input);
    ProtocolStep step = session.apply(input);
    if (step.stdin().length > 0) {
      try {
        stdin.write(step.stdin());
        stdin.flush();
      } catch (IOException brokenPipe) {
        if (process.isAlive()) {
          throw brokenPipe;
        }
      }
    }
    return step;
  }

  void kill() {
    process.destroyForcibly();
  }

  /** Ends standard input and reads everything that is left. */
  int end() throws Exception {
    stdin.close();
    while (!(inputs.getLast() instanceof ProtocolInput.Exit)) {
      next();
    }
    return process.exitValue();
  }

  /** The session's id of the program. */
  String nativeId() {
    return String.valueOf(session.protocol().snapshot().get("nativeId"));
  }

  Conversation conversation() {
    return session.conversation();
  }

  List<Block> blocks() {
    return session.conversation().blocks();
  }

  ProtocolSession session() {
    return session;
  }

  Recording recording(String name, Transcript transcript) {
    return new Recording(name, inputs, transcript);
  }

  @Override
  public void close() throws IOException {
    // The program itself is a child of the bridge and may outlive it.
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the program does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AgentRuntimeException(
          io.agentruntime.error.StandardError.INTERNAL_ERROR, "interrupted", e);
    }
  }
}
