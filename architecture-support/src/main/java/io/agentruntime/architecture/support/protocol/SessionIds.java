// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.protocol;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** Ids of sessions for programs that take any. */
public final class SessionIds {
  private static final long VERSION_BITS = 0x0000_0000_0000_f000L;
  private static final long VERSION_4 = 0x0000_0000_0000_4000L;
  private static final long VARIANT_MASK = 0x3fff_ffff_ffff_ffffL;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private SessionIds() {}

  /** A random UUID, of the given randomness. */
  public static String uuid(RandomGenerator random) {
    long high = (random.nextLong() & ~VERSION_BITS) | VERSION_4;
    long low = (random.nextLong() & VARIANT_MASK) | VARIANT;
    return new UUID(high, low).toString();
  }
}
