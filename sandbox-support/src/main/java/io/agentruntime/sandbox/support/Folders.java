// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The folders of some paths, whose real places a sandbox is asked for.
 *
 * @param names normal paths, each once, in the order in which the answers come
 */
record Folders(Set<String> names) {
  private static final int MAX_PATH = 16 * 1024;

  /** The folders in which the paths lie. */
  static Folders of(Collection<String> paths) {
    return new Folders(
        paths.stream().map(Layout::parent).collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  /** The list as a program reads it. */
  byte[] encoded() {
    return list(names);
  }

  /** Paths, each ended by a NUL. */
  static byte[] list(Collection<String> paths) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String path : paths) {
      bytes.writeBytes(path.getBytes(StandardCharsets.UTF_8));
      bytes.write(0);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads where the folders really are, up to the empty name that ends the answer.
   *
   * @return those that a link leads out of their place
   */
  Set<String> readAstray(Program answer) throws IOException {
    Set<String> astray = new TreeSet<>();
    for (String name : names) {
      if (!Layout.staysInside(name, readName(answer))) {
        astray.add(name);
      }
    }
    if (!readName(answer).isEmpty()) {
      throw new IOException("more folders were resolved than asked for");
    }
    return astray;
  }

  private static String readName(Program answer) throws IOException {
    byte[] name = NulText.read(answer.stdout(), answer, MAX_PATH, "the name of a resolved folder");
    return new String(name, StandardCharsets.UTF_8);
  }
}
