// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Finds paths of a sandbox on this machine as the sandbox sees them: symbolic links lead within its
 * root, and never out of it.
 *
 * @param root the sandbox's root folder
 * @param bound absolute paths that are this machine's own
 */
record RootedPath(Path root, List<String> bound) {
  private static final int MOST_LINKS = 40;

  Path resolve(String path, boolean followLast) throws IOException {
    Deque<String> rest = new ArrayDeque<>(names(path));
    Deque<String> done = new ArrayDeque<>();
    int links = 0;
    while (!rest.isEmpty()) {
      String name = rest.removeFirst();
      if (name.equals("..")) {
        done.pollLast();
        continue;
      }
      done.addLast(name);
      Path here = outside(done);
      if (Files.isSymbolicLink(here) && (followLast || !rest.isEmpty())) {
        if (++links > MOST_LINKS) {
          throw new FileSystemLoopException(path);
        }
        String target = Files.readSymbolicLink(here).toString();
        if (target.startsWith("/")) {
          done.clear();
        } else {
          done.removeLast();
        }
        List<String> more = names(target);
        for (int i = more.size() - 1; i >= 0; i--) {
          rest.addFirst(more.get(i));
        }
      }
    }
    return outside(done);
  }

  private Path outside(Deque<String> names) {
    String inside = "/" + String.join("/", names);
    for (String own : bound) {
      if (inside.equals(own) || inside.startsWith(own + "/")) {
        return Path.of(inside);
      }
    }
    return root.resolve(inside.substring(1));
  }

  private static List<String> names(String path) {
    return Arrays.stream(path.split("/", -1)).filter(n -> !n.isEmpty() && !n.equals(".")).toList();
  }
}
