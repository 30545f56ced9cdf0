// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.spi.sandbox.FileListing;
import io.agentruntime.spi.sandbox.FileStat;
import io.agentruntime.spi.sandbox.ListRequest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Lists a tree of a sandbox with one {@code find}. */
final class FileLister {
  private static final int MAX_FIELD = 64 * 1024;
  private static final String END = "end ";

  /**
   * $1: the root, $2: how many fields to print at most, then the names to ignore as patterns. Every
   * entry is two fields, each ended by a NUL; "end" and the exit code of find come last.
   */
  private static final String SCRIPT =
      """
      export LC_ALL=C
      root=$1 fields=$2
      shift 2
      [ "$(realpath -mz -- "$root" | tr -d '\\0'; echo .)" = "$root." ] && [ -d "$root" ] || {
        printf 'end 0\\0'
        exit 0
      }
      for name do
        set -- "$@" -o -name "$name"
        shift
      done
      {
        find "$root" -mindepth 1 \\( -false "$@" \\) -prune -o \
          -printf '%y %s %m %T@/%C@/%i %P\\0%l\\0'
        printf 'end %s\\0' "$?"
      } | head -zn "$fields"
      """;

  private FileLister() {}

  static FileListing list(ExecChannel channel, ListRequest request) throws InterruptedException {
    String root = Layout.normalize(request.root());
    List<String> arguments = new ArrayList<>();
    arguments.add(root);
    // One entry more than wanted tells that there are more; the end makes the last field.
    arguments.add(Long.toString(2L * (request.maxEntries() + 1L) + 1));
    request.ignoredNames().stream().map(FileLister::asPattern).forEach(arguments::add);
    String attempt = "list " + root;
    return channel.talk(
        attempt,
        ExecCommand.script(SCRIPT, arguments.toArray(String[]::new)),
        running -> {
          running.stdin().close();
          InputStream in = new BufferedInputStream(running.stdout(), 32 * 1024);
          List<FileStat> files = new ArrayList<>();
          String field = field(in, running);
          while (!field.startsWith(END)) {
            if (files.size() == request.maxEntries()) {
              return new FileListing(files, true);
            }
            files.add(stat(root, field, field(in, running)));
            field = field(in, running);
          }
          // 1: something vanished, or may not be entered, while it was being listed.
          if (!Set.of("0", "1").contains(field.substring(END.length()))) {
            throw new Refusal("find failed: " + running.errors());
          }
          return new FileListing(files, false);
        });
  }

  private static FileStat stat(String root, String field, String link) throws IOException {
    String[] parts = field.split(" ", 5);
    if (parts.length < 5) {
      throw new IOException("unexpected answer of find: " + field);
    }
    FileKind kind =
        switch (parts[0]) {
          case "f" -> FileKind.REGULAR;
          case "d" -> FileKind.DIRECTORY;
          case "l" -> FileKind.SYMLINK;
          default -> FileKind.OTHER;
        };
    return new FileStat(
        (root.equals("/") ? "" : root) + "/" + parts[4],
        kind,
        Long.parseLong(parts[1]),
        Integer.parseInt(parts[2], 8),
        parts[3],
        kind == FileKind.SYMLINK ? link : null);
  }

  private static String asPattern(String name) {
    return name.replaceAll("([\\\\*?\\[\\]])", "\\\\$1");
  }

  private static String field(InputStream in, Program program) throws IOException {
    return new String(NulText.read(in, program, MAX_FIELD, "an entry"), StandardCharsets.UTF_8);
  }
}
