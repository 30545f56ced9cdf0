package io.agentruntime.architecture.gemini;

import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.ProgramRequest;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupCommand;
import io.agentruntime.spi.architecture.SetupRequest;
import io.agentruntime.spi.architecture.TranscriptSource;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.testkit.requirement.TestMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Folders that stand for a sandbox, set up by the architecture. */
record GeminiMachine(Path root, SandboxPaths paths, Map<String, String> environment) {
  /** Fresh folders under {@code root}; the model is at {@code modelUri}. */
  static GeminiMachine in(Path root, String modelUri) throws IOException {
    for (String folder : List.of("workspace", "home", "scratch")) {
      Files.createDirectories(root.resolve(folder));
    }
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", TestMachine.gemini().getParent() + ":" + System.getenv("PATH"));
    environment.put("HOME", root.resolve("home").toString());
    environment.put("GOOGLE_GEMINI_BASE_URL", modelUri);
    environment.put("GEMINI_API_KEY", "test-key");
    return new GeminiMachine(
        root,
        new SandboxPaths(
            root.resolve("workspace").toString(),
            root.resolve("home").toString(),
            root.resolve("scratch").toString()),
        environment);
  }

  void setUp(SessionId id, AgentProfile profile, Map<String, Object> options, Transcript past)
      throws Exception {
    setUp(id, null, profile, options, past);
  }

  void setUp(
      SessionId id,
      @Nullable String nativeId,
      AgentProfile profile,
      Map<String, Object> options,
      Transcript past)
      throws Exception {
    SandboxSetup setup =
        new GeminiArchitecture()
            .setup(new SetupRequest(id, nativeId, profile, options, past, paths));
    for (FileUpload file : setup.files()) {
      write(file);
    }
    for (SetupCommand command : setup.commands()) {
      run(command, setup.environment());
    }
  }

  private static void write(FileUpload file) throws IOException {
    Path path = Path.of(file.path());
    Files.createDirectories(path.getParent());
    Files.write(path, java.util.Objects.requireNonNull(file.content()).readAll());
    String mode =
        file.mode() == 0755 ? "rwxr-xr-x" : file.mode() == 0600 ? "rw-------" : "rw-r--r--";
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private void run(SetupCommand command, Map<String, String> variables) throws Exception {
    Path output = Files.createTempFile(root, "setup", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command.command());
    builder.directory(Path.of(command.workingDirectory()).toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().putAll(variables);
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    int code = builder.start().waitFor();
    if (code != 0) {
      throw new AssertionError(command.description() + ": " + Files.readString(output));
    }
  }

  /** A process of a new session. */
  GeminiProcess start(SessionId id, AgentProfile profile, Map<String, Object> options)
      throws IOException {
    return GeminiProcess.start(
        this,
        new ProgramRequest(id, null, profile, options, false, paths),
        ConversationMetadata.EMPTY);
  }

  /** A process that continues a session. */
  GeminiProcess resume(SessionId id, String nativeId, AgentProfile profile) throws IOException {
    return GeminiProcess.start(
        this,
        new ProgramRequest(id, nativeId, profile, Map.of(), true, paths),
        ConversationMetadata.EMPTY);
  }

  /** The transcript as a core would collect it. */
  Transcript transcript(SessionId id, @Nullable String nativeId) throws IOException {
    TranscriptSource.Files source =
        (TranscriptSource.Files) new GeminiArchitecture().transcripts().source(id, nativeId, paths);
    Path folder = Path.of(source.root());
    if (!Files.exists(folder)) {
      return Transcript.EMPTY;
    }
    List<PathMatcher> globs =
        source.globs().stream()
            .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
            .toList();
    List<TranscriptEntry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files
              .filter(Files::isRegularFile)
              .sorted(Comparator.comparing(Path::getNameCount))
              .toList()) {
        Path name = folder.relativize(file);
        if (globs.stream().anyMatch(glob -> glob.matches(name))) {
          entries.add(new TranscriptEntry(name.toString(), read(file)));
        }
      }
    }
    return new Transcript(entries);
  }

  private static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  Path workspace(String path) {
    return Path.of(paths.workspace()).resolve(path);
  }
}
