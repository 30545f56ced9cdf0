// SPDX-License-Identifier: MIT

package io.agentruntime.support.spool;

import io.agentruntime.model.workspace.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The supervisor script, to be put into every sandbox once.
 *
 * <p>It runs with any POSIX shell and needs the programs of coreutils and util-linux. Its first
 * lines document commands, answers and files.
 */
public final class SpoolScript {
  private static final byte[] BYTES = load();
  private static final String NAME =
      "spool-" + ContentHash.of(BYTES).hex().substring(0, 12) + ".sh";

  private SpoolScript() {}

  /** The script's text. */
  public static String text() {
    return new String(BYTES, StandardCharsets.UTF_8);
  }

  /**
   * A file name that differs for every version, so that a new server may write its script beside
   * the one that older processes still run. Write it under another name first, then rename it.
   */
  public static String fileName() {
    return NAME;
  }

  private static byte[] load() {
    try (InputStream in = SpoolScript.class.getResourceAsStream("spool.sh")) {
      if (in == null) {
        throw new IllegalStateException("spool.sh is missing from the jar of runtime-api");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
