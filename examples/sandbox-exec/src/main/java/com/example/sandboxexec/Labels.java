package com.example.sandboxexec;

import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What is written down of a sandbox, as one line without special characters. */
final class Labels {
  private static final String LABEL = "label.";

  private Labels() {}

  static String about(SandboxSpec spec, Instant createdAt) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("name", spec.name());
    fields.put("createdAt", createdAt.toString());
    spec.labels().forEach((key, value) -> fields.put(LABEL + key, value));
    return encode(fields);
  }

  static SandboxListing listing(String id, String about) {
    Map<String, String> labels = new LinkedHashMap<>();
    Map<String, String> fields = decode(about);
    fields.forEach(
        (key, value) -> {
          if (key.startsWith(LABEL)) {
            labels.put(key.substring(LABEL.length()), value);
          }
        });
    return new SandboxListing(
        id, field(fields, "name"), labels, Instant.parse(field(fields, "createdAt")), true);
  }

  private static String field(Map<String, String> fields, String key) {
    return Objects.requireNonNull(fields.get(key), key);
  }

  static String encode(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static Map<String, String> decode(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : line.split("&")) {
      String[] both = field.split("=", 2);
      fields.put(decodeText(both[0]), decodeText(both[1]));
    }
    return fields;
  }

  /** A text without special characters. */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decodeText(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
