// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.FileListing;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.FileVisitor;
import io.agentruntime.spi.sandbox.ListRequest;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.support.spool.SpoolCommands;
import io.agentruntime.support.spool.SpoolReply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A folder of this host and the processes that were started in it. Thread-safe. */
final class LocalSandbox implements Sandbox {
  static final String SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** By which the processes of a sandbox are known. */
  static final String MARK = "AGENT_RUNTIME_SANDBOX";

  /** What the sandboxes of one provider have in common. */
  record Surroundings(
      FolderEvents events, Path script, List<Path> programPath, Optional<Bubblewrap> bubblewrap) {}

  private final SandboxFolder folder;
  private final Map<String, String> environment;
  private final Surroundings surroundings;
  private final FileTree files;
  private final SpoolCommands spools;

  LocalSandbox(
      SandboxFolder folder, SandboxFolder.Description description, Surroundings surroundings) {
    this.folder = folder;
    this.surroundings = surroundings;
    this.files = new FileTree(folder);
    this.spools = new SpoolCommands(surroundings.script().toString(), folder.spools().toString());
    Map<String, String> all = new LinkedHashMap<>();
    all.put(
        "PATH",
        Stream.concat(
                surroundings.programPath().stream().map(Path::toString), Stream.of(SYSTEM_PATH))
            .collect(Collectors.joining(":")));
    all.put("HOME", folder.home().toString());
    all.put("LANG", "C.UTF-8");
    all.put("TMPDIR", folder.temporary().toString());
    all.putAll(description.environment());
    all.put(MARK, folder.id());
    this.environment = Map.copyOf(all);
  }

  @Override
  public String id() {
    return folder.id();
  }

  @Override
  public SandboxPaths paths() {
    return folder.paths();
  }

  // --- processes ---

  @Override
  public SandboxProcess start(ProcessSpec spec) throws InterruptedException {
    requireAlive();
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.putAll(spec.environment());
    all.put(MARK, folder.id());
    List<String> program =
        surroundings
            .bubblewrap()
            .map(b -> b.wrap(folder.visibleParts(), spec.workingDirectory(), spec.command()))
            .orElse(spec.command());
    ProcessSpec wrapped =
        new ProcessSpec(spec.id(), program, all, spec.workingDirectory(), spec.spoolLimitBytes());
    String answer = run(spools.start(wrapped), all);
    if (!folder.isAlive()) {
      end(); // it ended meanwhile, and may not have seen the new process
      requireAlive();
    }
    SpoolReply.ok(spec.id(), answer);
    return new LocalProcess(this, spec.id(), spool(spec.id()));
  }

  @Override
  public SandboxProcess process(ProcessId processId) {
    SpoolFolder spool = spool(processId);
    if (!io("look for process " + processId, spool::isStarted)) {
      throw new AgentRuntimeException(
          StandardError.PROCESS_NOT_FOUND, "no process " + processId + " in sandbox " + id());
    }
    return new LocalProcess(this, processId, spool);
  }

  private SpoolFolder spool(ProcessId processId) {
    return new SpoolFolder(Path.of(spools.folder(processId)));
  }

  /** Runs a command of the spool script; answers its line. */
  String spoolCommand(Function<SpoolCommands, List<String>> command) throws InterruptedException {
    requireAlive();
    return run(command.apply(spools), Map.of("PATH", SYSTEM_PATH, MARK, id()));
  }

  private String run(List<String> command, Map<String, String> variables)
      throws InterruptedException {
    try {
      return HostCommand.run(command, variables);
    } catch (AgentRuntimeException e) {
      requireAlive(); // its end may be why
      throw e;
    }
  }

  FolderEvents events() {
    return surroundings.events();
  }

  // --- files ---

  @Override
  public void writeFiles(Collection<FileUpload> uploads) throws InterruptedException {
    requireAlive();
    for (FileUpload upload : uploads) {
      interruptibly("write " + upload.path(), () -> files.write(upload));
    }
  }

  @Override
  public InputStream readFile(String path) {
    Optional<SeekableByteChannel> channel = io("read " + path, () -> files.open(path));
    return FileTree.stream(
        channel.orElseThrow(
            () ->
                new AgentRuntimeException(
                    StandardError.FILE_NOT_FOUND, "no file " + path + " in sandbox " + id())));
  }

  @Override
  public void readFiles(Collection<String> paths, FileVisitor visitor) {
    requireAlive();
    for (String path : paths) {
      io(
          "read " + path,
          () -> {
            Optional<SeekableByteChannel> found = files.open(path);
            if (found.isPresent()) {
              try (SeekableByteChannel channel = found.get();
                  InputStream content = FileTree.stream(channel)) {
                visitor.file(path, channel.size(), content);
              }
            }
            return path;
          });
    }
  }

  @Override
  public FileListing list(ListRequest request) {
    return io(
        "list " + request.root(),
        () -> {
          Optional<Path> root = files.directory(request.root());
          return root.isPresent()
              ? TreeListing.of(root.get(), request)
              : new FileListing(List.of(), false);
        });
  }

  @Override
  public void deleteFiles(Collection<String> paths) throws InterruptedException {
    requireAlive();
    for (String path : paths) {
      interruptibly("delete " + path, () -> files.delete(path));
    }
  }

  @Override
  public AutoCloseable watch(String root, Consumer<String> onChange) {
    if (!surroundings.events().areGiven()) {
      throw AgentRuntimeException.unsupported("local", SandboxCapability.WATCH);
    }
    Path directory =
        io("watch " + root, () -> files.directory(root))
            .orElseThrow(
                () ->
                    new AgentRuntimeException(
                        StandardError.FILE_NOT_FOUND,
                        "no directory " + root + " in sandbox " + id()));
    return new TreeWatch(surroundings.events(), directory, onChange);
  }

  @Override
  public String hostAddress() {
    requireAlive();
    return "127.0.0.1";
  }

  // --- the end ---

  @Override
  public boolean isAlive() {
    return folder.isAlive();
  }

  @Override
  public void terminate() throws InterruptedException {
    try {
      if (folder.markEnded()) {
        end();
      }
    } catch (IOException e) {
      throw failed("terminate", e);
    }
  }

  /** Ends the processes and removes the folder; also what an earlier attempt left. */
  void end() throws InterruptedException {
    try {
      folder.killProcesses();
      folder.delete();
    } catch (IOException e) {
      throw failed("terminate", e);
    }
  }

  void requireAlive() {
    if (!folder.isAlive()) {
      throw new AgentRuntimeException(StandardError.SANDBOX_LOST, "sandbox " + id() + " is gone");
    }
  }

  // --- failures ---

  /** Something with files. */
  interface Io<T> {
    T call() throws IOException;
  }

  private interface Interruptible {
    void run() throws IOException, InterruptedException;
  }

  /** Does it in a sandbox that lives; its end in between is reported as such. */
  <T> T io(String what, Io<T> work) {
    requireAlive();
    try {
      return work.call();
    } catch (IOException e) {
      requireAlive();
      throw failed(what, e);
    }
  }

  private void interruptibly(String what, Interruptible work) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before: " + what);
    }
    try {
      work.run();
    } catch (FileTree.Unreachable e) {
      throw new AgentRuntimeException(
          StandardError.INVALID_ARGUMENT,
          "Cannot " + what + " in sandbox " + id() + ": a file or link is in the way",
          e);
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      throw new InterruptedException("interrupted: " + what);
    } catch (IOException e) {
      requireAlive();
      throw failed(what, e);
    }
  }

  private AgentRuntimeException failed(String what, IOException cause) {
    return new AgentRuntimeException(
        StandardError.SANDBOX_FAILED, "Cannot " + what + " in sandbox " + id(), cause);
  }
}
