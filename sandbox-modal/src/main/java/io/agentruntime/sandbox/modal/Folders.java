// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
  Set<String> readAstray(Exec answer) throws IOException {
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

  private static String readName(Exec answer) throws IOException {
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    InputStream in = answer.stdout();
    for (int b = in.read(); b != 0; b = in.read()) {
      if (b < 0) {
        throw Refusal.ended(answer);
      }
      if (name.size() == MAX_PATH) {
        throw new IOException("a resolved folder has a name of over " + MAX_PATH + " bytes");
      }
      name.write(b);
    }
    return name.toString(StandardCharsets.UTF_8);
  }
}
