// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Ends sandboxes of this runtime that nobody claims. Stateless. */
public final class OrphanReaper {
  private static final Logger log = LoggerFactory.getLogger(OrphanReaper.class);

  private static final int AT_ONCE = 32;

  private OrphanReaper() {}

  /** Decides whether a sandbox is in use; may block. */
  public interface Claimed {
    /** Whether it is. */
    boolean test(SandboxListing listing) throws InterruptedException;
  }

  /**
   * The sandboxes that a process made, by their label. Not by their age: the clocks of this machine
   * and of the provider's may differ, and sandboxes are made while orphans are looked for.
   *
   * @param owner the process's name
   */
  public static Claimed madeBy(String owner) {
    return listing -> owner.equals(listing.labels().get(SandboxPreparer.OWNER_LABEL));
  }

  /**
   * Ends a provider's sandboxes that carry this runtime's id and are not claimed; asks about many
   * at a time. A provider whose list cannot be read is left alone.
   *
   * @param provider the provider
   * @param claimed whether a sandbox is in use
   * @return how many were ended
   */
  public static int reap(SandboxProvider provider, Claimed claimed) throws InterruptedException {
    if (!provider.capabilities().contains(SandboxCapability.REATTACH)) {
      return 0;
    }
    List<SandboxListing> listings;
    try {
      listings = provider.list();
    } catch (AgentRuntimeException e) {
      // A provider that nobody has set up has no sandboxes either; most servers have such a one.
      Level level = e.code() == StandardError.CONFIGURATION ? Level.DEBUG : Level.INFO;
      log.atLevel(level)
          .log("sandboxes of '{}' cannot be listed now: {}", provider.id(), e.getMessage());
      return 0;
    }
    AtomicInteger ended = new AtomicInteger();
    Semaphore atOnce = new Semaphore(AT_ONCE);
    List<Thread> threads = new ArrayList<>();
    for (SandboxListing listing : listings) {
      atOnce.acquire();
      threads.add(
          Thread.ofVirtual()
              .name("reaper-" + listing.name())
              .start(
                  () -> {
                    try {
                      if (!claimed.test(listing) && end(provider, listing)) {
                        ended.incrementAndGet();
                      }
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                      log.warn("sandbox {} is left alone", listing.name(), e);
                    } finally {
                      atOnce.release();
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return ended.get();
  }

  private static boolean end(SandboxProvider provider, SandboxListing listing)
      throws InterruptedException {
    try {
      provider.terminate(listing.id());
      log.info("ended the orphaned sandbox {} of '{}'", listing.name(), provider.id());
      return true;
    } catch (AgentRuntimeException e) {
      log.warn(
          "the orphaned sandbox {} of '{}' cannot be ended: {}",
          listing.name(),
          provider.id(),
          e.getMessage());
      return false;
    }
  }
}
