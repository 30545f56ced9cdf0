// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provider that was found.
 *
 * @param kind which SPI
 * @param id its id
 * @param version its jar's version, {@code unknown} when the jar does not say
 * @param location its jar or folder
 * @param capabilities the names of what it declares, once it is open
 * @param active whether this runtime uses it
 * @param problem why it cannot be used, null when it can
 */
public record ProviderInfo(
    ProviderKind kind,
    String id,
    String version,
    String location,
    List<String> capabilities,
    boolean active,
    @Nullable String problem) {
  /** Copies the list. */
  public ProviderInfo {
    capabilities = List.copyOf(capabilities);
  }
}
