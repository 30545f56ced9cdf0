// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Texts that programs print, each ended by a NUL. */
public final class NulText {
  private NulText() {}

  /**
   * Reads one, byte by byte: what follows it is left.
   *
   * @param in output of the program, perhaps buffered
   * @param most how many bytes it may have
   * @param what it is, for the error message
   * @throws Refusal when the program ends before its NUL
   * @throws IOException when it is longer
   */
  public static byte[] read(InputStream in, Program program, int most, String what)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b != 0; b = in.read()) {
      if (b < 0) {
        throw Refusal.ended(program);
      }
      if (bytes.size() == most) {
        throw new IOException(what + " of over " + most + " bytes");
      }
      bytes.write(b);
    }
    return bytes.toByteArray();
  }
}
