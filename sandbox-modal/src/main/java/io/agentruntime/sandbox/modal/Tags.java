// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.sandbox.modal.wire.SandboxTag;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a sandbox tells whose it is.
 *
 * @param runtimeId the runtime whose sandboxes are meant
 */
record Tags(String runtimeId) {
  private static final String RUNTIME = "agent-runtime.runtime-id";
  private static final String NAME = "agent-runtime.name";
  private static final String LABEL = "agent-runtime.label.";
  private static final int READABLE = 40;

  /** The sandbox's name at Modal, unique among those that run in an app. */
  String modalName(String sandbox) {
    String readable = sandbox.replaceAll("[^A-Za-z0-9_.-]", "-");
    byte[] whole = (runtimeId + "\0" + sandbox).getBytes(StandardCharsets.UTF_8);
    return "ar-%s-%s"
        .formatted(
            readable.substring(0, Math.min(READABLE, readable.length())),
            ContentHash.of(whole).hex().substring(0, 16));
  }

  /** The tags of a new sandbox. */
  List<SandboxTag> of(String sandbox, Map<String, String> labels) {
    List<SandboxTag> tags = new ArrayList<>();
    tags.add(mine());
    tags.add(tag(NAME, sandbox));
    labels.forEach((key, value) -> tags.add(tag(LABEL + key, value)));
    return tags;
  }

  /** The tag of all sandboxes of this runtime. */
  SandboxTag mine() {
    return tag(RUNTIME, runtimeId);
  }

  /** The sandbox's name from its spec; null when it is not this runtime's. */
  @Nullable String sandboxName(List<SandboxTag> tags) {
    Map<String, String> all = asMap(tags);
    return runtimeId.equals(all.get(RUNTIME)) ? all.get(NAME) : null;
  }

  /** The labels from the sandbox's spec. */
  static Map<String, String> labels(List<SandboxTag> tags) {
    Map<String, String> labels = new HashMap<>();
    asMap(tags)
        .forEach(
            (name, value) -> {
              if (name.startsWith(LABEL)) {
                labels.put(name.substring(LABEL.length()), value);
              }
            });
    return labels;
  }

  private static Map<String, String> asMap(List<SandboxTag> tags) {
    Map<String, String> all = new HashMap<>();
    tags.forEach(tag -> all.put(tag.getTagName(), tag.getTagValue()));
    return all;
  }

  private static SandboxTag tag(String name, String value) {
    return SandboxTag.newBuilder().setTagName(name).setTagValue(value).build();
  }
}
