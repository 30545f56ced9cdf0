// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.protocol;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids of a program in the form that the model allows. */
public final class SafeIds {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,149}");

  private SafeIds() {}

  /** The id itself where it is safe; otherwise one that is made from it, always the same. */
  public static String of(String nativeId) {
    return SAFE.matcher(nativeId).matches() && !nativeId.contains("..")
        ? nativeId
        : "id-" + UUID.nameUUIDFromBytes(nativeId.getBytes(StandardCharsets.UTF_8));
  }
}
