package io.agentruntime.core.session;

import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.model.workspace.ContentHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The hash of a message's content, to recognise another body under the same key. Stateless. */
final class ContentDigest {
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

  private static void add(MessageDigest digest, String kind, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    digest.update((kind + ' ' + bytes.length + '\n').getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }
}
