// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

/**
 * A provider that was found and cannot be used; everything else works without it.
 *
 * @param kind which SPI
 * @param name its id, or the name of its class while it could not be asked
 * @param version its jar's version, {@code unknown} when the jar does not say
 * @param location its jar or folder
 * @param problem what is wrong, for operators
 */
public record BrokenProvider(
    ProviderKind kind, String name, String version, String location, String problem) {
  @Override
  public String toString() {
    return kind.key() + " provider '" + name + "' from " + location + " is not used: " + problem;
  }
}
