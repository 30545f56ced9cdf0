// SPDX-License-Identifier: MIT

package io.agentruntime.model.turn;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One part of a message that is more than a plain text. */
public sealed interface ContentPart {
  /**
   * Text.
   *
   * @param text the text, unchanged
   */
  record Text(String text) implements ContentPart {
    /** Checks required components. */
    public Text {
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * An image.
   *
   * @param source how {@code data} is to be read
   * @param data base64 text or a URL
   * @param mediaType for instance {@code image/png}, if known
   */
  record Image(Source source, String data, @Nullable String mediaType) implements ContentPart {
    /** Checks required components. */
    public Image {
      Objects.requireNonNull(source, "source");
      Objects.requireNonNull(data, "data");
    }
  }

  /** Where an image's bytes are. */
  enum Source {
    /** In the message, as base64. */
    BASE64,
    /** At a URL. */
    URL
  }
}
