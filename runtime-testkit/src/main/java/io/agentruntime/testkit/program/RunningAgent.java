// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.program;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.SessionEvent.NativeSessionBound;
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
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The real program, run by a driver without a core: it feeds the program's lines to the protocol
 * one at a time, writes what the protocol says, and remembers every input in order.
 *
 * <p>Confined to one thread. Lines are only read while a method waits: so a test says what was seen
 * when. Every wait fails with the end of standard error when the program is silent for minutes. The
 * caller closes it; closing twice is harmless.
 */
public final class RunningAgent implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String END = "\u0000end";
  private static final int MOST_UNREAD_LINES = 100_000;

  private final Process process;
  private final OutputStream stdin;
  private final Path stderr;
  // A program that says more than is read waits, as it does when a sandbox's spool is full.
  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(MOST_UNREAD_LINES);
  private final List<ProtocolInput> inputs = new ArrayList<>();
  private final ProtocolSession session;
  private final Thread reader;
  private final Set<ProcessHandle> killed = new HashSet<>();
  private @Nullable String nativeId;
  private int turns;

  private RunningAgent(
      Process process, Path stderr, ProtocolSession session, @Nullable String nativeId) {
    this.process = process;
    this.stdin = process.getOutputStream();
    this.stderr = stderr;
    this.session = session;
    this.nativeId = nativeId;
    this.reader = Thread.ofVirtual().name("agent-stdout").start(this::read);
  }

  static RunningAgent start(
      AgentMachine machine, ProgramRequest request, ConversationMetadata before)
      throws IOException {
    AgentProgram program = machine.architecture().program(request);
    Map<String, String> variables = new HashMap<>(machine.setupEnvironment());
    variables.putAll(program.environment());
    Path stderr = Files.createTempFile(machine.root(), "stderr", ".txt");
    ProcessBuilder builder =
        machine
            .builder(program.command(), Path.of(program.workingDirectory()), variables)
            .redirectError(stderr.toFile());
    ProtocolSession session =
        new ProtocolSession(
            machine
                .architecture()
                .protocol(
                    new ProtocolStart(
                        request.sessionId(),
                        request.nativeId(),
                        request.profile(),
                        request.options(),
                        request.resume(),
                        1,
                        Map.of(),
                        before,
                        request.paths())));
    RunningAgent started = new RunningAgent(builder.start(), stderr, session, request.nativeId());
    started.apply(new ProtocolInput.Start());
    return started;
  }

  private void read() {
    try {
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          lines.put(line);
        }
      } catch (IOException e) {
        lines.put("unreadable: " + e);
      }
      lines.put(END);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says something and waits until the turn is over. */
  public TurnOutcome ask(String text) throws IOException, InterruptedException {
    return ask(new UserContent.Text(text));
  }

  /** Says something and waits until the turn is over. */
  public TurnOutcome ask(UserContent content) throws IOException, InterruptedException {
    say(content);
    return awaitOutcome();
  }

  /** Says something, interrupts the turn at an event and waits until it is over. */
  public TurnOutcome askAndInterrupt(String text, Predicate<Emission> at)
      throws IOException, InterruptedException {
    say(text);
    await(at);
    interrupt();
    return awaitOutcome();
  }

  /** Says something, answers the first question and waits until the turn is over. */
  public TurnOutcome askAndAnswer(String text, boolean allowed)
      throws IOException, InterruptedException {
    say(text);
    answer(awaitPermissionRequest(), allowed);
    return awaitOutcome();
  }

  /** Says something and waits for nothing; the message's id. */
  public MessageId say(String text) throws IOException {
    return say(new UserContent.Text(text));
  }

  /** Says something and waits for nothing; the message's id. */
  public MessageId say(UserContent content) throws IOException {
    MessageId id = new MessageId(UUID.randomUUID().toString());
    apply(new ProtocolInput.Turn(new TurnInput(id, content)));
    return id;
  }

  /** Asks for the end of the running turn; {@link #awaitOutcome} waits for it. */
  public void interrupt() throws IOException {
    apply(new ProtocolInput.Interrupt());
  }

  /** Answers a question. */
  public void answer(PermissionRequest request, boolean allowed) throws IOException {
    answer(new PermissionAnswer(request.requestId(), allowed, null, null, "client"));
  }

  /** Allows what is asked for, with other arguments. */
  public void answer(PermissionRequest request, Map<String, Object> updatedInput)
      throws IOException {
    answer(new PermissionAnswer(request.requestId(), true, updatedInput, null, "client"));
  }

  private void answer(PermissionAnswer answer) throws IOException {
    apply(new ProtocolInput.Answer(answer));
  }

  /** Waits for the next question. */
  public PermissionRequest awaitPermissionRequest() throws IOException, InterruptedException {
    Emission emission = await(each -> each.event() instanceof PermissionRequested);
    return ((PermissionRequested) emission.event()).request();
  }

  /**
   * Waits for an event that was not there before.
   *
   * @throws AssertionError if the turn ends first
   */
  public Emission await(Predicate<Emission> wanted) throws IOException, InterruptedException {
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

  /** Waits for the end of the next turn that has not been waited for. */
  public TurnOutcome awaitOutcome() throws IOException, InterruptedException {
    while (session.outcomes().size() == turns) {
      next();
    }
    return session.outcomes().get(turns++);
  }

  private ProtocolStep next() throws IOException, InterruptedException {
    if (!inputs.isEmpty() && inputs.getLast() instanceof ProtocolInput.Exit exit) {
      throw new AssertionError("the program has ended: " + exit);
    }
    String line = lines.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw new AssertionError("the program is silent; stderr: " + stderr());
    }
    if (line.equals(END)) {
      process.waitFor();
      return apply(new ProtocolInput.Exit(process.exitValue(), stderr()));
    }
    return apply(new ProtocolInput.Line(line));
  }

  private String stderr() throws IOException {
    return new String(Files.readAllBytes(stderr), StandardCharsets.UTF_8);
  }

  private ProtocolStep apply(ProtocolInput input) throws IOException {
    inputs.add(input);
    ProtocolStep step = session.apply(input);
    for (Emission emission : step.emissions()) {
      if (emission.event() instanceof NativeSessionBound bound) {
        nativeId = bound.nativeId();
      }
    }
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

  /** Kills the program and what it started; its exit is the next thing that is waited for. */
  public void kill() {
    // What is started through a bridge or a launcher outlives it.
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    killed.addAll(children);
  }

  /** Ends standard input and reads everything that is left; the exit code. */
  public int end() throws IOException, InterruptedException {
    stdin.close();
    while (!(inputs.getLast() instanceof ProtocolInput.Exit)) {
      next();
    }
    return process.exitValue();
  }

  /** The agent's own id of the session: what it told, else what it was started with. */
  public @Nullable String nativeId() {
    return nativeId;
  }

  /** The conversation now. */
  public Conversation conversation() {
    return session.conversation();
  }

  /** The blocks of the main conversation now. */
  public List<Block> blocks() {
    return session.conversation().blocks();
  }

  /** The text that the main conversation ends with now. */
  public String lastText() {
    return ((Block.AssistantText) blocks().getLast()).text();
  }

  /** What there is to read in the main conversation beside the user's messages. */
  public String text() {
    return blocks().stream().map(RunningAgent::text).collect(Collectors.joining("\n"));
  }

  private static String text(Block block) {
    return switch (block) {
      case Block.AssistantText text -> text.text();
      case Block.ToolResult result -> result.output();
      case Block.Subagent subagent -> String.valueOf(subagent.output());
      case Block.SystemNote note -> note.message() + note.details();
      case Block.SkillLoad skill -> "skill " + skill.skillName() + skill.content();
      default -> "";
    };
  }

  /** The protocol and all it led to. */
  public ProtocolSession session() {
    return session;
  }

  /** All inputs so far, under a name. */
  public Recording recording(String name, Transcript transcript) {
    return new Recording(name, inputs, transcript);
  }

  @Override
  public void close() throws IOException {
    kill();
    reader.interrupt();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the program does not end");
      }
      awaitKilled();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("waiting for the program's end").initCause(e);
    }
  }

  /** As long as one of them lives, it may write to the folders that the test removes next. */
  private void awaitKilled() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (killed.stream().anyMatch(RunningAgent::runs)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("what the program started does not end");
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** Whether a process can still do anything; one that nobody has waited for has no program. */
  private static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }
}
