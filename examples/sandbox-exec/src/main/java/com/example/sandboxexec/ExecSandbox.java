package com.example.sandboxexec;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.spi.sandbox.FileListing;
import io.agentruntime.spi.sandbox.FileStat;
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
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder on a machine, and the processes that were started for it. Thread-safe. */
final class ExecSandbox implements Sandbox {
  private final Machine machine;
  private final String runtime;
  private final String id;
  private final @Nullable String hostAddress;
  private final SandboxPaths paths;
  private final SpoolCommands spools;

  ExecSandbox(Machine machine, String runtime, String id, @Nullable String hostAddress) {
    this.machine = machine;
    this.runtime = runtime;
    this.id = id;
    this.hostAddress = hostAddress;
    String folder = machine.folder(runtime, id);
    this.paths = new SandboxPaths(folder + "/workspace", folder + "/home", folder + "/scratch");
    this.spools = new SpoolCommands(machine.spoolScript(), folder + "/spool");
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public SandboxPaths paths() {
    return paths;
  }

  private String use() {
    return Words.line("use", runtime, id);
  }

  // --- processes ---

  @Override
  public SandboxProcess start(ProcessSpec spec) throws InterruptedException {
    // Exported last and in a shell of its own: no variable can become one of the script's.
    String start =
        "( . \"$dir/env\"; "
            + Words.export(spec.environment())
            + "; exec "
            + Words.line(spools.start(spec))
            + " ) || { [ -e \"$dir/about\" ] || exit 3; exit 1; }";
    SpoolReply.ok(spec.id(), machine.ask(use(), start, "begun"));
    return new ExecProcess(this, spec.id());
  }

  @Override
  public SandboxProcess process(ProcessId processId) throws InterruptedException {
    SpoolReply.status(processId, spool(spools.status(processId)));
    return new ExecProcess(this, processId);
  }

  SpoolCommands spools() {
    return spools;
  }

  /** Runs a command of the spool script; its answer. */
  String spool(List<String> command) throws InterruptedException {
    return machine.ask(use(), "exec " + Words.line(command));
  }

  /** The same, with bytes for its standard input. */
  String spool(List<String> command, byte[] bytes) throws InterruptedException {
    return machine.ask(
        out -> {
          Machine.input(use(), "exec " + Words.line(command)).writeTo(out);
          out.write(bytes);
        });
  }

  /** The same, for as long as it runs. */
  Call openSpool(List<String> command) {
    return machine.open(true, use(), "exec " + Words.line(command));
  }

  // --- files ---

  @Override
  public void writeFiles(Collection<FileUpload> files) throws InterruptedException {
    files.forEach(file -> requireBelow(file.path()));
    machine.ask(
        out -> {
          Machine.input(use()).writeTo(out);
          for (FileUpload file : files) {
            write(file, out);
          }
        });
  }

  private static void write(FileUpload file, OutputStream out) throws IOException {
    String mode = Integer.toOctalString(file.mode());
    Content content = file.content();
    if (content != null) {
      Machine.input(Words.line("put", file.path(), mode, content.size())).writeTo(out);
      try (InputStream in = content.open()) {
        in.transferTo(out);
      }
    } else if (file.linkTarget() != null) {
      Machine.input(Words.line("link", file.path(), file.linkTarget())).writeTo(out);
    } else {
      Machine.input(Words.line("folder", file.path(), mode)).writeTo(out);
    }
  }

  @Override
  public InputStream readFile(String path) throws InterruptedException {
    return readFile(path, 0);
  }

  @Override
  public InputStream readFile(String path, long offset) throws InterruptedException {
    Call call = machine.open(false, use(), isBelow(path) ? get(path, offset) : ":");
    try {
      long size = announced(call);
      if (size >= 0) {
        return new LimitedStream(call.output(), size, true);
      }
    } catch (IOException e) {
      call.close();
      throw unreadable(path, e);
    } catch (RuntimeException | InterruptedException e) {
      call.close();
      throw e;
    }
    call.close();
    throw new AgentRuntimeException(
        StandardError.FILE_NOT_FOUND, "no file " + path + " in sandbox " + id);
  }

  @Override
  public void readFiles(Collection<String> paths, FileVisitor visitor) throws InterruptedException {
    List<String> asked = paths.stream().filter(this::isBelow).toList();
    String[] lines =
        Stream.concat(Stream.of(use()), asked.stream().map(path -> get(path, 0)))
            .toArray(String[]::new);
    try (Call call = machine.open(false, lines)) {
      for (String path : asked) {
        long size = announced(call);
        if (size >= 0) {
          InputStream content = new LimitedStream(call.output(), size, false);
          visitor.file(path, size, content);
          content.transferTo(OutputStream.nullOutputStream());
        }
      }
      Machine.check(call);
    } catch (IOException e) {
      throw unreadable("files", e);
    }
  }

  private static String get(String path, long offset) {
    return Words.line("get", path, offset);
  }

  /** The length of what comes next; negative when there is no such file. */
  private static long announced(Call call) throws IOException, InterruptedException {
    String line = SpoolReply.readLine(call.output());
    if (line.isEmpty()) {
      Machine.check(call);
      return -1;
    }
    return line.equals("-") ? -1 : Long.parseLong(line);
  }

  private AgentRuntimeException unreadable(String what, IOException e) throws InterruptedException {
    if (e instanceof InterruptedIOException) {
      Thread.interrupted();
      throw (InterruptedException) new InterruptedException("interrupted").initCause(e);
    }
    return Machine.unavailable("reading " + what + " of sandbox " + id, e);
  }

  @Override
  public FileListing list(ListRequest request) throws InterruptedException {
    boolean visible = isBelow(request.root() + "/any");
    List<String> words = new ArrayList<>(List.of("tree", request.root()));
    words.add(Integer.toString(request.maxEntries() + 1));
    request.ignoredNames().forEach(name -> words.add(name.replaceAll("([\\\\*?\\[])", "\\\\$1")));
    String[] fields = machine.ask(use(), visible ? Words.line(words) : ":").split("\0", -1);
    List<FileStat> files = new ArrayList<>();
    for (int i = 0; i + 6 < fields.length && files.size() < request.maxEntries(); i += 6) {
      FileKind kind =
          switch (fields[i]) {
            case "f" -> FileKind.REGULAR;
            case "d" -> FileKind.DIRECTORY;
            case "l" -> FileKind.SYMLINK;
            default -> FileKind.OTHER;
          };
      files.add(
          new FileStat(
              fields[i + 4],
              kind,
              Long.parseLong(fields[i + 1]),
              Integer.parseInt(fields[i + 2], 8),
              fields[i + 3],
              kind == FileKind.SYMLINK ? fields[i + 5] : null));
    }
    return new FileListing(files, fields.length / 6 > request.maxEntries());
  }

  @Override
  public void deleteFiles(Collection<String> paths) throws InterruptedException {
    paths.forEach(this::requireBelow);
    machine.ask(
        Stream.concat(Stream.of(use()), paths.stream().map(path -> Words.line("remove", path)))
            .toArray(String[]::new));
  }

  private void requireBelow(String path) {
    if (!isBelow(path)) {
      throw AgentRuntimeException.invalid(
          "path", "a path below workspace, home or scratch, not " + path);
    }
  }

  private boolean isBelow(String path) {
    String whole = path + "/";
    return !whole.contains("//")
        && !whole.contains("/./")
        && !whole.contains("/../")
        && Stream.of(paths.workspace(), paths.home(), paths.scratch())
            .anyMatch(part -> path.startsWith(part + "/"));
  }

  // --- the rest ---

  @Override
  public String hostAddress() {
    if (hostAddress == null) {
      throw AgentRuntimeException.unsupported(id, SandboxCapability.HOST_ACCESS);
    }
    return hostAddress;
  }

  @Override
  public boolean isAlive() throws InterruptedException {
    try {
      machine.ask(use());
      return true;
    } catch (AgentRuntimeException e) {
      if (e.code() == StandardError.SANDBOX_LOST) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void terminate() throws InterruptedException {
    machine.ask(Words.line("end", runtime, id));
  }

  /** The first bytes of a stream. */
  private static final class LimitedStream extends FilterInputStream {
    private final boolean owns;
    private long left;

    LimitedStream(InputStream in, long size, boolean owns) {
      super(in);
      this.left = size;
      this.owns = owns;
    }

    @Override
    public void close() throws IOException {
      if (owns) {
        super.close();
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(buffer, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new IOException("the file ended " + left + " bytes too early");
      }
      left -= count;
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = 0;
      byte[] buffer = new byte[8192];
      while (skipped < count) {
        int read = read(buffer, 0, (int) Math.min(buffer.length, count - skipped));
        if (read < 0) {
          break;
        }
        skipped += read;
      }
      return skipped;
    }
  }
}
