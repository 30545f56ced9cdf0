// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What this JVM keeps. */
final class Heap {
  private static final double MEGABYTE = 1 << 20;

  private Heap() {}

  /** Megabytes that are reachable: the least of several collections. */
  static double megabytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least / MEGABYTE;
  }

  /** Megabytes that Netty holds outside of the heap. */
  static double directMegabytes() {
    return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
        ? provider.metric().usedDirectMemory() / MEGABYTE
        : Double.NaN;
  }
}
