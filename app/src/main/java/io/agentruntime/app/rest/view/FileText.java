// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest.view;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What can be shown of a file as text.
 *
 * @param content the text or its beginning, null when it is none
 * @param truncated whether there is more
 * @param binary whether the bytes are no text
 */
public record FileText(@Nullable String content, boolean truncated, boolean binary) {
  /** Not a regular file: there is nothing to show. */
  public static final FileText NONE = new FileText(null, false, false);

  /** Text that does not fit any more. */
  public static final FileText LEFT_OUT = new FileText(null, true, false);

  /** Bytes that are no text. */
  public static final FileText BINARY = new FileText(null, false, true);

  /**
   * Reads the beginning of a stream.
   *
   * @param in read, not closed
   * @param limit how many bytes at most
   * @return text when what was read is valid UTF-8 without NUL, a cut last character left out
   */
  public static FileText read(InputStream in, int limit) throws IOException {
    byte[] bytes = in.readNBytes(limit);
    boolean more = bytes.length == limit && in.read() >= 0;
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    // Not the end of input when there is more: a character cut in two is then no error.
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, !more);
    String content = text.flip().toString();
    return result.isError() || content.indexOf('\0') >= 0
        ? BINARY
        : new FileText(content, more, false);
  }
}
