// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.model.workspace.ContentHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Hashes of what a key stands for, to recognise another body under the same key. Stateless. */
public final class ContentDigest {
  private ContentDigest() {}

  static String of(UserContent content) {
    MessageDigest digest = ContentHash.digest();
    switch (content) {
      case UserContent.Text text -> add(digest, "text", text.text());
      case UserContent.Parts parts -> {
        for (ContentPart part : parts.parts()) {
          switch (part) {
            case ContentPart.Text text -> add(digest, "part", text.text());
            case ContentPart.Image image ->
                add(digest, image.source() + ":" + image.mediaType(), image.data());
          }
        }
      }
    }
    return ContentHash.of(digest).hex();
  }

  /** Adds a JSON-like value so that maps with equal entries are equal, whatever their order. */
  public static void add(MessageDigest digest, @Nullable Object value) {
    switch (value) {
      case null -> add(digest, "null", "");
      case Map<?, ?> map -> {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, entry) -> sorted.put(String.valueOf(key), entry));
        add(digest, "map", Integer.toString(sorted.size()));
        sorted.forEach(
            (key, entry) -> {
              add(digest, "key", key);
              add(digest, entry);
            });
      }
      case List<?> list -> {
        add(digest, "list", Integer.toString(list.size()));
        list.forEach(entry -> add(digest, entry));
      }
      case String text -> add(digest, "string", text);
      default -> add(digest, "value", value.toString());
    }
  }

  private static void add(MessageDigest digest, String kind, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    digest.update((kind + ' ' + bytes.length + '\n').getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }
}
