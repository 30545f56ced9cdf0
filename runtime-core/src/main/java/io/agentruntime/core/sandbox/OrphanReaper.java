package io.agentruntime.core.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends sandboxes of this runtime that nobody claims. Stateless. */
public final class OrphanReaper {
  private static final Logger log = LoggerFactory.getLogger(OrphanReaper.class);

  private OrphanReaper() {}

  /**
   * The sandboxes that a process made, by their label. Not by their age: the clocks of this machine
   * and of the provider's may differ, and sandboxes are made while orphans are looked for.
   *
   * @param owner the process's name
   */
  public static Predicate<SandboxListing> madeBy(String owner) {
    return listing -> owner.equals(listing.labels().get(SandboxPreparer.OWNER_LABEL));
  }

  /**
   * Ends a provider's sandboxes that carry this runtime's id and are not claimed. A provider whose
   * list cannot be read is left alone.
   *
   * @param provider the provider
   * @param claimed whether a sandbox is in use
   * @return how many were ended
   */
  public static int reap(SandboxProvider provider, Predicate<SandboxListing> claimed)
      throws InterruptedException {
    if (!provider.capabilities().contains(SandboxCapability.REATTACH)) {
      return 0;
    }
    List<SandboxListing> listings;
    try {
      listings = provider.list();
    } catch (AgentRuntimeException e) {
      log.info("sandboxes of '{}' cannot be listed now: {}", provider.id(), e.getMessage());
      return 0;
    }
    int ended = 0;
    for (SandboxListing listing : listings) {
      if (claimed.test(listing)) {
        continue;
      }
      try {
        provider.terminate(listing.id());
        ended++;
        log.info("ended the orphaned sandbox {} of '{}'", listing.name(), provider.id());
      } catch (AgentRuntimeException e) {
        log.warn(
            "the orphaned sandbox {} of '{}' cannot be ended: {}",
            listing.name(),
            provider.id(),
            e.getMessage());
      }
    }
    return ended;
  }
}
