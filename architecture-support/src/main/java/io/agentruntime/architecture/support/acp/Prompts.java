// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.acp;

import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.UserContent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a user said as blocks of a prompt. */
public final class Prompts {
  private Prompts() {}

  /** The blocks. */
  public static List<Map<String, Object>> of(UserContent content) {
    return switch (content) {
      case UserContent.Text text -> List.of(text(text.text()));
      case UserContent.Parts parts -> parts.parts().stream().map(Prompts::block).toList();
    };
  }

  /** Whether it holds an image's bytes, which not every program takes. */
  static boolean holdsData(UserContent content) {
    return content instanceof UserContent.Parts parts
        && parts.parts().stream()
            .anyMatch(
                part ->
                    part instanceof ContentPart.Image image
                        && image.source() == ContentPart.Source.BASE64);
  }

  /** A block of text. */
  public static Map<String, Object> text(String text) {
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("type", "text");
    block.put("text", text);
    return block;
  }

  private static Map<String, Object> block(ContentPart part) {
    return switch (part) {
      case ContentPart.Text text -> text(text.text());
      case ContentPart.Image image -> image(image);
    };
  }

  private static Map<String, Object> image(ContentPart.Image image) {
    String mediaType = image.mediaType() == null ? "image/png" : image.mediaType();
    Map<String, Object> block = new LinkedHashMap<>();
    switch (image.source()) {
      case BASE64 -> {
        block.put("type", "image");
        block.put("data", image.data());
      }
      case URL -> {
        block.put("type", "resource_link");
        block.put("uri", image.data());
        block.put("name", "image");
      }
    }
    block.put("mimeType", mediaType);
    return block;
  }
}
