// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameInputTest {
  private static final int OUT = 1;
  private static final int ERR = 2;

  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

  @Test
  void standardOutputIsReadAndStandardErrorIsPutAside() throws IOException {
    frame(OUT, "one ");
    frame(ERR, "oh ");
    frame(OUT, "two");
    frame(ERR, "no");

    try (FrameInput input = new FrameInput(source(), 100)) {
      assertThat(new String(input.readAllBytes(), UTF_8)).isEqualTo("one two");
      assertThat(input.errors()).isEqualTo("oh no");
    }
  }

  @Test
  void framesMayArriveInPiecesOfOneByte() throws IOException {
    frame(OUT, "slow");
    frame(ERR, "drops");
    frame(OUT, "");
    frame(OUT, "ly");
    InputStream dripping =
        new FilterInputStream(source()) {
          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return super.read(into, offset, Math.min(length, 1));
          }
        };

    try (FrameInput input = new FrameInput(dripping, 100)) {
      assertThat(new String(input.readAllBytes(), UTF_8)).isEqualTo("slowly");
      assertThat(input.errors()).isEqualTo("drops");
    }
  }

  @Test
  void bytesOfAnyValuePass() throws IOException {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    frame(OUT, all);

    try (FrameInput input = new FrameInput(source(), 100)) {
      assertThat(input.readAllBytes()).isEqualTo(all);
    }
  }

  @Test
  void onlyTheEndOfLongErrorsIsKept() throws IOException {
    byte[] noise = new byte[100_000];
    Arrays.fill(noise, (byte) 'x');
    frame(ERR, noise);
    frame(ERR, "the reason");

    try (FrameInput input = new FrameInput(source(), 15)) {
      assertThat(input.read()).isEqualTo(-1);
      assertThat(input.errors()).isEqualTo("xxxxxthe reason");
    }
  }

  @Test
  void anEndAmidAFrameIsAnError() throws IOException {
    frame(OUT, "whole");
    byte[] cut = Arrays.copyOf(wire.toByteArray(), wire.size() - 2);

    try (FrameInput input = new FrameInput(new ByteArrayInputStream(cut), 100)) {
      assertThatThrownBy(input::readAllBytes).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void anEndAmidAHeaderIsAnError() throws IOException {
    try (FrameInput input = new FrameInput(new ByteArrayInputStream(new byte[] {1, 0, 0}), 100)) {
      assertThatThrownBy(input::readAllBytes).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void whatTheEngineItselfReportsIsAnError() throws IOException {
    frame(3, "cannot attach");

    try (FrameInput input = new FrameInput(source(), 100)) {
      assertThatThrownBy(input::readAllBytes).hasMessageContaining("cannot attach");
    }
  }

  @Test
  void aStreamWithoutFramesIsRefused() throws IOException {
    wire.writeBytes("HTTP/1.1 200".getBytes(UTF_8));

    try (FrameInput input = new FrameInput(source(), 100)) {
      assertThatThrownBy(input::readAllBytes).hasMessageContaining("unknown stream");
    }
  }

  private ByteArrayInputStream source() {
    return new ByteArrayInputStream(wire.toByteArray());
  }

  private void frame(int stream, String text) {
    frame(stream, text.getBytes(UTF_8));
  }

  private void frame(int stream, byte[] payload) {
    int n = payload.length;
    byte[] header = {
      (byte) stream, 0, 0, 0, (byte) (n >> 24), (byte) (n >> 16), (byte) (n >> 8), (byte) n
    };
    wire.writeBytes(header);
    wire.writeBytes(payload);
  }
}
