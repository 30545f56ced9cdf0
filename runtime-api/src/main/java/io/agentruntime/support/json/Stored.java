// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.util.function.Supplier;

/** Tells a reader of stored data that the data is at fault, not the caller. */
final class Stored {
  private Stored() {}

  /** Reads something; what is malformed becomes {@code STORE_CORRUPT} naming kind and field. */
  static <T> T read(String kind, Supplier<T> reader) {
    try {
      return reader.get();
    } catch (AgentRuntimeException e) {
      if (e.code() != StandardError.INVALID_ARGUMENT) {
        throw e;
      }
      throw new AgentRuntimeException(
          StandardError.STORE_CORRUPT, "stored " + kind + " cannot be read: " + e.getMessage(), e);
    }
  }
}
