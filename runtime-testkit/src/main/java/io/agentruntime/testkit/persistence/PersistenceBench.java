// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static java.util.Objects.requireNonNull;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.testkit.TestClock;
import io.agentruntime.testkit.TestProviderContext;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One test's adapter, its clock and how to open it again. Confined to the test's thread. */
final class PersistenceBench implements AutoCloseable {
  final TestClock clock;
  private final Supplier<PersistenceAdapter> adapters;
  private final TestProviderContext context;
  private @Nullable PersistenceAdapter adapter;

  PersistenceBench(
      Supplier<PersistenceAdapter> adapters, TestProviderContext context, TestClock clock) {
    this.adapters = adapters;
    this.context = context;
    this.clock = clock;
  }

  void open() throws InterruptedException {
    PersistenceAdapter opened = adapters.get();
    opened.open(context);
    adapter = opened;
  }

  /** Closes the adapter and opens another one over the same data. */
  PersistenceAdapter reopen() throws InterruptedException {
    close();
    open();
    return adapter();
  }

  PersistenceAdapter adapter() {
    return requireNonNull(adapter, "the adapter is not open");
  }

  PersistenceAdapter unopened() {
    return adapters.get();
  }

  TestProviderContext context() {
    return context;
  }

  boolean has(PersistenceCapability capability) {
    return adapter().capabilities().contains(capability);
  }

  /** A stored session under a fresh id. */
  SessionId session() throws InterruptedException {
    SessionId id = new SessionId(UUID.randomUUID().toString());
    adapter().createSessionRecord(record(id));
    return id;
  }

  SessionRecord record(SessionId id) {
    return new SessionRecord(
        id, "claude-agent-sdk", "default", Map.of(), clock.instant(), null, null, Map.of(), null);
  }

  /** Takes a session; every later write must carry the epoch. */
  LeaseEpoch own(SessionId id) throws InterruptedException {
    return has(PersistenceCapability.LEASES)
        ? adapter().leases().acquire(id, "test", Duration.ofHours(1)).orElseThrow().epoch()
        : LeaseEpoch.NONE;
  }

  @Override
  public void close() {
    PersistenceAdapter open = adapter;
    adapter = null;
    if (open != null) {
      open.close();
    }
  }
}
