// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import io.agentruntime.model.workspace.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How a container tells whose it is.
 *
 * <p>Images hand their labels down, and a snapshot is an image of a sandbox: therefore the labels
 * that count are listed in one of them, and the container's name has to fit, too.
 *
 * @param runtimeId the runtime whose containers are meant
 */
record Labels(String runtimeId) {
  static final String RUNTIME_ID = "io.agentruntime.runtime-id";
  static final String NAME = "io.agentruntime.name";
  static final String KEYS = "io.agentruntime.label-keys";
  static final String PREFIX = "io.agentruntime.label.";

  private static final int READABLE = 60;

  /** The name of a sandbox's container, unique on the engine. */
  String containerName(String sandbox) {
    String readable = sandbox.replaceAll("[^A-Za-z0-9_.-]", "-");
    byte[] whole = (runtimeId + "\0" + sandbox).getBytes(StandardCharsets.UTF_8);
    return "agent-runtime-%s-%s"
        .formatted(
            readable.substring(0, Math.min(READABLE, readable.length())),
            ContentHash.of(whole).hex().substring(0, 16));
  }

  /** The labels of a new container. */
  Map<String, String> of(String sandbox, Map<String, String> labels) {
    Map<String, String> all = new HashMap<>();
    labels.forEach((key, value) -> all.put(PREFIX + key, value));
    all.put(RUNTIME_ID, runtimeId);
    all.put(NAME, sandbox);
    all.put(KEYS, String.join("\n", new TreeSet<>(labels.keySet())));
    return all;
  }

  /**
   * The sandbox's name, if a container is ours.
   *
   * @param containerName as the engine gives it, with or without a leading slash
   */
  @Nullable String sandboxName(String containerName, @Nullable Map<String, String> labels) {
    if (labels == null || !runtimeId.equals(labels.get(RUNTIME_ID))) {
      return null;
    }
    String name = labels.get(NAME);
    boolean fits = name != null && containerName(name).equals(containerName.replaceFirst("^/", ""));
    return fits ? name : null;
  }

  /** The labels from the sandbox's spec. */
  static Map<String, String> fromSpec(Map<String, String> labels) {
    Map<String, String> own = new HashMap<>();
    for (String key : labels.getOrDefault(KEYS, "").split("\n")) {
      String value = labels.get(PREFIX + key);
      if (!key.isEmpty() && value != null) {
        own.put(key, value);
      }
    }
    return own;
  }
}
