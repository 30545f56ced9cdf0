// SPDX-License-Identifier: MIT

package io.agentruntime.model.turn;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** What a user said: kept exactly as it came, because clients compare it byte by byte. */
public sealed interface UserContent {
  /**
   * A plain text.
   *
   * @param text the text, unchanged; may be empty
   */
  record Text(String text) implements UserContent {
    /** Checks required components. */
    public Text {
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * Text and images in order.
   *
   * @param parts the parts
   */
  record Parts(List<ContentPart> parts) implements UserContent {
    /** Copies the list. */
    public Parts {
      parts = List.copyOf(parts);
    }
  }

  /** The text alone; images are left out. */
  default String plainText() {
    return switch (this) {
      case Text text -> text.text();
      case Parts parts ->
          parts.parts().stream()
              .filter(ContentPart.Text.class::isInstance)
              .map(part -> ((ContentPart.Text) part).text())
              .collect(Collectors.joining("\n"));
    };
  }
}
