// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.UserContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a user said as a JSON-like value: a text, or a list of parts {@code {type: "text", text}}
 * and {@code {type: "image", source: {type: "base64" | "url", data, mediaType}}}. Stateless.
 */
public final class ContentMaps {
  private ContentMaps() {}

  /** A {@code String}, or a {@code List} of maps. */
  public static Object write(UserContent content) {
    return switch (content) {
      case UserContent.Text text -> text.text();
      case UserContent.Parts parts -> parts.parts().stream().map(ContentMaps::writePart).toList();
    };
  }

  /**
   * Reads a content as a client or a store gives it.
   *
   * @throws AgentRuntimeException {@code INVALID_ARGUMENT} naming the path
   */
  public static UserContent read(Object value) {
    return read(new Fields("", Map.of("content", value)), "content");
  }

  static UserContent read(Fields fields, String key) {
    if (fields.get(key) instanceof String text) {
      return new UserContent.Text(text);
    }
    if (!(fields.get(key) instanceof List<?>)) {
      throw fields.wrong(key, "a text or a list of parts");
    }
    List<ContentPart> parts = new ArrayList<>();
    for (Fields part : fields.objects(key)) {
      parts.add(readPart(part));
    }
    return new UserContent.Parts(parts);
  }

  private static Map<String, Object> writePart(ContentPart part) {
    return switch (part) {
      case ContentPart.Text text ->
          new MapWriter().put("type", "text").put("text", text.text()).done();
      case ContentPart.Image image ->
          new MapWriter()
              .put("type", "image")
              .put(
                  "source",
                  new MapWriter()
                      .put("type", image.source())
                      .put("data", image.data())
                      .put("mediaType", image.mediaType())
                      .done())
              .done();
    };
  }

  private static ContentPart readPart(Fields part) {
    return switch (part.text("type")) {
      case "text" -> new ContentPart.Text(part.text("text"));
      case "image" -> {
        Fields source = part.object("source");
        yield new ContentPart.Image(
            source.choice("type", ContentPart.Source.class),
            source.text("data"),
            source.optionalText("mediaType"));
      }
      default -> throw part.wrong("type", "text or image");
    };
  }
}
