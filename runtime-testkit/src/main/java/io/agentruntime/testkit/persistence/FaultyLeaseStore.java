// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.Lease;
import io.agentruntime.spi.persistence.LeaseStore;
import java.time.Duration;
import java.util.Optional;

/** The leases behind {@link FaultyPersistence}. */
final class FaultyLeaseStore implements LeaseStore {
  private final LeaseStore delegate;
  private final Gate gate;

  FaultyLeaseStore(LeaseStore delegate, Gate gate) {
    this.delegate = delegate;
    this.gate = gate;
  }

  @Override
  public Optional<Lease> acquire(SessionId id, String owner, Duration duration)
      throws InterruptedException {
    gate.pass();
    return delegate.acquire(id, owner, duration);
  }

  @Override
  public boolean renew(Lease lease, Duration duration) throws InterruptedException {
    gate.pass();
    return delegate.renew(lease, duration);
  }

  @Override
  public void release(Lease lease) throws InterruptedException {
    gate.pass();
    delegate.release(lease);
  }
}
