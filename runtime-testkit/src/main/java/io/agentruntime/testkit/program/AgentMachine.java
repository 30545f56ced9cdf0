// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.program;

import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.ProgramRequest;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupCommand;
import io.agentruntime.spi.architecture.SetupRequest;
import io.agentruntime.spi.architecture.TranscriptCodec;
import io.agentruntime.spi.architecture.TranscriptSource;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Folders that stand for a sandbox: a workspace, a home and a scratch folder, set up by the
 * architecture itself. A second machine, set up with the transcript of the first, is a fresh
 * sandbox with a past. Nothing isolates the program; it runs as the test's user.
 *
 * <p>Confined to one thread. It holds nothing open: the test removes the root folder and closes
 * what {@link #start} gave.
 */
public final class AgentMachine {
  private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(2);

  private final Path root;
  private final RealProgram program;
  private final SandboxPaths paths;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, String> setupEnvironment = new HashMap<>();
  private @Nullable TranscriptCodec transcripts;

  private AgentMachine(Path root, RealProgram program) {
    this.root = root;
    this.program = program;
    this.paths =
        new SandboxPaths(
            root.resolve("workspace").toString(),
            root.resolve("home").toString(),
            root.resolve("scratch").toString());
    environment.put("PATH", program.executable().getParent() + ":" + System.getenv("PATH"));
    environment.put("HOME", paths.home());
    environment.putAll(program.environment());
  }

  /** Fresh folders under {@code root}, which is made if need be. */
  public static AgentMachine in(Path root, RealProgram program) throws IOException {
    AgentMachine machine = new AgentMachine(root, program);
    for (String folder :
        List.of(machine.paths.workspace(), machine.paths.home(), machine.paths.scratch())) {
      Files.createDirectories(Path.of(folder));
    }
    return machine;
  }

  /** Sets up a session whose id the agent has not replaced by one of its own. */
  public void setUp(
      SessionId id, AgentProfile profile, Map<String, Object> options, Transcript past)
      throws IOException, InterruptedException {
    setUp(new SetupRequest(id, null, profile, options, past, paths));
  }

  /** Sets up a session that the agent knows by {@code nativeId}. */
  public void setUp(
      SessionId id,
      @Nullable String nativeId,
      AgentProfile profile,
      Map<String, Object> options,
      Transcript past)
      throws IOException, InterruptedException {
    setUp(new SetupRequest(id, nativeId, profile, options, past, paths));
  }

  /**
   * Writes the files of the architecture's set-up and runs its commands.
   *
   * @throws AssertionError if a command fails, with what it printed
   */
  private void setUp(SetupRequest request) throws IOException, InterruptedException {
    SandboxSetup setup = architecture().setup(request);
    setupEnvironment.putAll(setup.environment());
    transcripts = architecture().transcripts(request.profile(), request.options());
    for (FileUpload file : setup.files()) {
      write(file);
    }
    for (SetupCommand command : setup.commands()) {
      run(
          command.description(),
          command.command(),
          Path.of(command.workingDirectory()),
          command.timeout());
    }
  }

  private static void write(FileUpload file) throws IOException {
    Path path = Path.of(file.path());
    Files.createDirectories(path.getParent());
    Files.write(path, Objects.requireNonNull(file.content(), file.path()).readAll());
    Files.setPosixFilePermissions(path, permissions(file.mode()));
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        set.add(all[i]);
      }
    }
    return set;
  }

  private byte[] run(String what, List<String> command, Path folder, Duration timeout)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(root, "output", ".txt");
    Path errors = Files.createTempFile(root, "errors", ".txt");
    ProcessBuilder builder = builder(command, folder, setupEnvironment);
    Process process =
        builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
    boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(
          what + ": " + Files.readString(output) + Files.readString(errors) + " ended: " + ended);
    }
    return Files.readAllBytes(output);
  }

  /** A process that sees this machine's variables alone, and {@code more}. */
  ProcessBuilder builder(List<String> command, Path folder, Map<String, String> more) {
    List<String> found = new ArrayList<>(command);
    found.set(0, onPath(command.getFirst()));
    ProcessBuilder builder = new ProcessBuilder(found).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().putAll(more);
    return builder;
  }

  /** Looked up in this machine's path, as a sandbox does it; Java would look in the test's own. */
  private String onPath(String name) {
    if (name.contains("/")) {
      return name;
    }
    return Stream.of(String.valueOf(environment.get("PATH")).split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toString)
        .orElse(name);
  }

  /** Starts a process of a session without a past. */
  public RunningAgent start(SessionId id, AgentProfile profile, Map<String, Object> options)
      throws IOException {
    return start(
        new ProgramRequest(id, null, profile, options, false, paths), ConversationMetadata.EMPTY);
  }

  /**
   * Sets up a session without a past and holds a conversation.
   *
   * @return what there is to read in it, see {@link RunningAgent#text}
   * @throws AssertionError if a turn does not complete
   */
  public String converse(
      SessionId id, AgentProfile profile, Map<String, Object> options, String... messages)
      throws IOException, InterruptedException {
    setUp(id, profile, options, Transcript.EMPTY);
    try (RunningAgent agent = start(id, profile, options)) {
      for (String message : messages) {
        TurnOutcome outcome = agent.ask(message);
        if (!(outcome instanceof TurnOutcome.Completed)) {
          throw new AssertionError(message + ": " + outcome);
        }
      }
      return agent.text();
    }
  }

  /** Starts a process that continues a session whose past lies here. */
  public RunningAgent resume(SessionId id, @Nullable String nativeId, AgentProfile profile)
      throws IOException {
    return start(
        new ProgramRequest(id, nativeId, profile, Map.of(), true, paths),
        ConversationMetadata.EMPTY);
  }

  /**
   * Starts a process and its protocol.
   *
   * @param request what is started
   * @param before what the session has used before
   * @return the running program; the caller closes it
   */
  public RunningAgent start(ProgramRequest request, ConversationMetadata before)
      throws IOException {
    return RunningAgent.start(this, request, before);
  }

  /**
   * The transcript as a core would collect it, entries nearest to the root first.
   *
   * @param nativeId the agent's own id of the session; null where it minted none
   */
  public Transcript transcript(SessionId id, @Nullable String nativeId)
      throws IOException, InterruptedException {
    TranscriptCodec codec = transcripts == null ? architecture().transcripts() : transcripts;
    return switch (codec.source(id, nativeId, paths)) {
      case TranscriptSource.Files files -> read(files);
      case TranscriptSource.Command command ->
          new Transcript(
              List.of(
                  new TranscriptEntry(
                      command.name(),
                      new String(
                          run(
                              command.name(),
                              command.command(),
                              Path.of(paths.workspace()),
                              COMMAND_TIMEOUT),
                          StandardCharsets.UTF_8))));
    };
  }

  private static Transcript read(TranscriptSource.Files source) throws IOException {
    Path folder = Path.of(source.root());
    if (!Files.exists(folder)) {
      return Transcript.EMPTY;
    }
    List<PathMatcher> globs =
        source.globs().stream()
            .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
            .toList();
    return TranscriptFiles.read(
        folder, name -> globs.stream().anyMatch(glob -> glob.matches(name)));
  }

  /** The program that runs here. */
  public AgentArchitecture architecture() {
    return program.architecture();
  }

  /** The folder of it all. */
  public Path root() {
    return root;
  }

  /** Where things are. */
  public SandboxPaths paths() {
    return paths;
  }

  /** The path of something in the workspace. */
  public Path workspace(String path) {
    return Path.of(paths.workspace()).resolve(path);
  }

  /** The variables of the last set-up, which the program gets too. */
  Map<String, String> setupEnvironment() {
    return setupEnvironment;
  }
}
