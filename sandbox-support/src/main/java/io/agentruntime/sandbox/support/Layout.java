// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.util.ArrayList;
import java.util.List;

/** Where things are in a sandbox, and which paths lead where they say. */
public final class Layout {
  /** The folders of every sandbox. */
  public static final SandboxPaths PATHS =
      new SandboxPaths("/workspace", "/home/agent", "/run/agent-runtime");

  /** For temporary files. */
  public static final String TMP = "/tmp";

  /** Where processes keep their streams. */
  public static final String SPOOL = PATHS.scratch() + "/spool";

  private static final List<String> ROOTS =
      List.of(PATHS.workspace(), PATHS.home(), PATHS.scratch(), TMP);

  private Layout() {}

  /** The same path without empty names and '.'. */
  static String normalize(String path) {
    if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
      throw AgentRuntimeException.invalid("path", "an absolute path, not " + path);
    }
    List<String> names = new ArrayList<>();
    for (String name : path.split("/")) {
      if (name.equals("..")) {
        throw AgentRuntimeException.invalid("path", "an absolute path without '..', not " + path);
      }
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return "/" + String.join("/", names);
  }

  /** The folder of a normal path. */
  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  /**
   * Whether a folder is where its path says, but for links that stay within the same root.
   *
   * @param folder a normal path
   * @param real the path without links that the sandbox resolved it to
   */
  static boolean staysInside(String folder, String real) {
    if (folder.equals(real)) {
      return true;
    }
    return ROOTS.stream().anyMatch(root -> isWithin(root, folder) && isWithin(root, real));
  }

  /** Refuses to remove or replace a folder that every sandbox must have. */
  static String requireNotRoot(String path) {
    boolean holdsRoot = ROOTS.stream().anyMatch(root -> isWithin(path, root));
    if (holdsRoot) {
      throw AgentRuntimeException.invalid(
          "path", "a path below the sandbox's folders, not " + path);
    }
    return path;
  }

  private static boolean isWithin(String root, String path) {
    return path.equals(root) || path.startsWith(root.equals("/") ? "/" : root + "/");
  }
}
