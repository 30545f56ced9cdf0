// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The body of an HTTP request. */
sealed interface RequestBody {
  /** The header that announces how it ends. */
  String framing();

  /** Sends it. */
  void writeTo(OutputStream out) throws IOException;

  /** Bytes in memory. */
  record Bytes(byte[] bytes) implements RequestBody {
    @Override
    public String framing() {
      return "Content-Length: " + bytes.length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(bytes);
    }
  }

  /** Bytes whose number is known only at their end. */
  record Stream(InputStream source) implements RequestBody {
    private static final int CHUNK = 32 * 1024;

    @Override
    public String framing() {
      return "Transfer-Encoding: chunked";
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      byte[] chunk = new byte[CHUNK];
      for (int n = source.read(chunk); n >= 0; n = source.read(chunk)) {
        if (n > 0) {
          out.write((Integer.toHexString(n) + "\r\n").getBytes(US_ASCII));
          out.write(chunk, 0, n);
          out.write("\r\n".getBytes(US_ASCII));
        }
      }
      out.write("0\r\n\r\n".getBytes(US_ASCII));
    }
  }
}
