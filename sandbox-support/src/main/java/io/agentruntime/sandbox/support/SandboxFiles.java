// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.FileVisitor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes, reads and deletes files of a sandbox: each operation is one program in it, however many
 * files there are, and none holds a file in memory. Thread-safe.
 *
 * <p>An operation has two phases on one stream: the program first tells where the folders of all
 * paths really are, so that those which a link leads astray can be refused, and then gets its work.
 * That the agent may change a link in between gives it nothing: the program runs as the same user
 * in the same sandbox.
 */
final class SandboxFiles {
  /** $1: the length of a list of folders on standard input; prints where they really are. */
  private static final String RESOLVE =
      """
      export LC_ALL=C
      head -c "$1" | xargs -0r realpath -mz -- && printf '\\0' || exit 3
      """;

  /** $2: the length of a list of paths that must not be folders; then comes the archive. */
  private static final String WRITE =
      RESOLVE
          + """
          head -c "$2" | xargs -0r sh -c '
            for path do [ -L "$path" ] || [ ! -d "$path" ] || rm -rf -- "$path" || exit; done' sh &&
          exec tar -C / -xpmf -
          """;

  private static final String READ =
      RESOLVE
          + """
          exec tar -C / --no-recursion --hard-dereference --ignore-failed-read --null -cf - -T -
          """;

  private static final String DELETE = RESOLVE + "exec xargs -0r rm -rf --\n";

  private final ExecChannel channel;

  SandboxFiles(ExecChannel channel) {
    this.channel = channel;
  }

  /** See {@link io.agentruntime.spi.sandbox.Sandbox#writeFiles}. */
  void write(Collection<FileUpload> files) throws InterruptedException {
    Set<String> paths = new LinkedHashSet<>();
    Set<String> notFolders = new LinkedHashSet<>();
    for (FileUpload file : files) {
      String path = Layout.normalize(file.path());
      paths.add(path);
      if (file.kind() != FileKind.DIRECTORY) {
        notFolders.add(Layout.requireNotRoot(path));
      }
    }
    byte[] replaced = Folders.list(notFolders);
    change(
        "write files",
        WRITE,
        paths,
        replaced.length,
        out -> {
          out.write(replaced);
          Upload.writeTo(out, files);
        });
  }

  /** See {@link io.agentruntime.spi.sandbox.Sandbox#deleteFiles}. */
  void delete(Collection<String> unwanted) throws InterruptedException {
    Set<String> paths =
        unwanted.stream()
            .map(Layout::normalize)
            .map(Layout::requireNotRoot)
            .collect(Collectors.toSet());
    change("delete files", DELETE, paths, 0, out -> out.write(Folders.list(paths)));
  }

  /** See {@link io.agentruntime.spi.sandbox.Sandbox#readFiles}. */
  void read(Collection<String> wanted, FileVisitor visitor) throws InterruptedException {
    Map<String, String> askedAs = new LinkedHashMap<>();
    wanted.forEach(path -> askedAs.put(Layout.normalize(path), path));
    if (askedAs.isEmpty()) {
      return;
    }
    String attempt = "read files";
    channel.guarded(
        attempt,
        () -> {
          try (Download download = start(attempt, askedAs.keySet())) {
            int count = 0;
            for (; download.next(); count++) {
              download.visit(visitor, askedAs.getOrDefault(download.path(), download.path()));
            }
            download.finish();
            return count;
          }
        });
  }

  /** See {@link io.agentruntime.spi.sandbox.Sandbox#readFile}. */
  InputStream open(String wanted) throws InterruptedException {
    String attempt = "read " + wanted;
    return channel.guarded(
        attempt,
        () -> {
          Download download = start(attempt, Set.of(Layout.normalize(wanted)));
          boolean found = false;
          try {
            found = download.next();
            if (found) {
              return download.content();
            }
            download.finish();
            throw new AgentRuntimeException(
                StandardError.FILE_NOT_FOUND, "no regular file " + wanted);
          } finally {
            if (!found) {
              download.close();
            }
          }
        });
  }

  private Download start(String attempt, Set<String> paths)
      throws IOException, InterruptedException {
    ExecCommand command =
        ExecCommand.script(READ, Integer.toString(Folders.of(paths).encoded().length));
    return Download.start(channel, channel.start(attempt, command), paths);
  }

  private void change(
      String attempt, String script, Set<String> paths, int argument, Sending.Part work)
      throws InterruptedException {
    if (paths.isEmpty()) {
      return;
    }
    Folders folders = Folders.of(paths);
    byte[] encoded = folders.encoded();
    ExecCommand command =
        ExecCommand.script(script, Integer.toString(encoded.length), Integer.toString(argument));
    channel.talk(
        attempt,
        command,
        running -> {
          try (Sending sending = Sending.start(running.stdin(), encoded)) {
            Set<String> astray = folders.readAstray(running);
            if (!astray.isEmpty()) {
              throw AgentRuntimeException.invalid(
                  "path", "folders that no link leads elsewhere, unlike " + astray);
            }
            sending.then(work);
            running.stdout().transferTo(OutputStream.nullOutputStream());
            IOException unsent = sending.await();
            int code = running.exitCode();
            if (code != 0) {
              throw channel.failure(attempt, reason(code, running.errors()));
            }
            if (unsent != null) {
              throw unsent;
            }
            return code;
          }
        });
  }

  private static String reason(int code, String errors) {
    if (errors.isEmpty()) {
      return "exit code " + code;
    }
    // What tar says when a file system is full in the middle of a file.
    return errors.contains("Wrote only") ? errors + " (no space left on the file system)" : errors;
  }
}
