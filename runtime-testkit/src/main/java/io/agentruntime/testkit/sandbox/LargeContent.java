// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import io.agentruntime.model.workspace.Content;
import java.io.InputStream;

/** Bytes that are made while they are read. */
record LargeContent(long size) implements Content {
  @Override
  public InputStream open() {
    return new InputStream() {
      private long position;

      @Override
      public int read() {
        return position == size ? -1 : at(position++);
      }

      @Override
      public int read(byte[] target, int from, int count) {
        if (position == size) {
          return -1;
        }
        int step = (int) Math.min(count, size - position);
        for (int i = 0; i < step; i++) {
          target[from + i] = (byte) at(position + i);
        }
        position += step;
        return step;
      }
    };
  }

  private static int at(long position) {
    return (int) (position ^ (position >>> 8) ^ (position >>> 16)) & 0xff;
  }
}
