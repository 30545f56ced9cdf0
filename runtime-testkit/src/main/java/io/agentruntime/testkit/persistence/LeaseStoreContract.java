// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.Lease;
import io.agentruntime.spi.persistence.LeaseStore;
import io.agentruntime.spi.persistence.PersistenceCapability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

@Role(PersistenceCapability.LEASES)
abstract class LeaseStoreContract extends RoleContract {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private LeaseStore leases() {
    return adapter().leases();
  }

  private Lease acquire(SessionId id, String owner) throws InterruptedException {
    return leases().acquire(id, owner, MINUTE).orElseThrow();
  }

  @Test
  void aLeaseSaysWhoOwnsWhatUntilWhen() throws InterruptedException {
    SessionId id = bench().session();
    Lease lease = acquire(id, UNICODE);
    assertThat(lease.id()).isEqualTo(id);
    assertThat(lease.owner()).isEqualTo(UNICODE);
    assertThat(lease.epoch().value()).isPositive();
    assertThat(lease.until()).isEqualTo(bench().clock.instant().plus(MINUTE));
  }

  @Test
  void whileALeaseIsLiveNobodyElseGetsTheSession() throws InterruptedException {
    SessionId id = bench().session();
    acquire(id, "a");
    bench().clock.advance(MINUTE.minusMillis(1));
    assertThat(leases().acquire(id, "b", MINUTE)).isEmpty();
    assertThat(leases().acquire(bench().session(), "b", MINUTE)).isPresent();
  }

  @Test
  void anExpiredLeaseIsTakenOverWithANewerEpoch() throws InterruptedException {
    SessionId id = bench().session();
    Lease old = acquire(id, "a");
    bench().clock.advance(MINUTE);
    Lease newer = acquire(id, "b");
    assertThat(newer.epoch()).isGreaterThan(old.epoch());
    assertThat(leases().renew(old, MINUTE)).isFalse();
    assertThat(leases().renew(newer, MINUTE)).isTrue();
  }

  @Test
  void theSameOwnerTakesAgainAndGetsANewEpoch() throws InterruptedException {
    SessionId id = bench().session();
    Lease old = acquire(id, "a");
    Lease newer = acquire(id, "a");
    assertThat(newer.epoch()).isGreaterThan(old.epoch());
    assertThat(leases().renew(old, MINUTE)).isFalse();
  }

  @Test
  void aRenewedLeaseLivesOn() throws InterruptedException {
    SessionId id = bench().session();
    Lease lease = acquire(id, "a");
    bench().clock.advance(MINUTE.minusSeconds(1));
    assertThat(leases().renew(lease, MINUTE)).isTrue();
    bench().clock.advance(MINUTE.minusSeconds(1));
    assertThat(leases().acquire(id, "b", MINUTE)).isEmpty();
    bench().clock.advance(Duration.ofSeconds(1));
    assertThat(leases().acquire(id, "b", MINUTE)).isPresent();
  }

  @Test
  void aLeaseThatEndedButWasNotTakenCanBeRenewed() throws InterruptedException {
    SessionId id = bench().session();
    Lease lease = acquire(id, "a");
    bench().clock.advance(MINUTE.multipliedBy(5));
    assertThat(leases().renew(lease, MINUTE)).isTrue();
    assertThat(leases().acquire(id, "b", MINUTE)).isEmpty();
  }

  @Test
  void aReleasedSessionIsFreeAtOnceButItsEpochsGoOn() throws InterruptedException {
    SessionId id = bench().session();
    Lease first = acquire(id, "a");
    leases().release(first);
    leases().release(first);
    assertThat(leases().renew(first, MINUTE)).isFalse();
    assertThat(acquire(id, "b").epoch()).isGreaterThan(first.epoch());
  }

  @Test
  void releasingAnOldLeaseDoesNotFreeTheSession() throws InterruptedException {
    SessionId id = bench().session();
    Lease old = acquire(id, "a");
    bench().clock.advance(MINUTE);
    acquire(id, "b");
    leases().release(old);
    assertThat(leases().acquire(id, "c", MINUTE)).isEmpty();
  }

  @Test
  void anUnknownSessionCannotBeOwned() throws InterruptedException {
    assertRefused(StandardError.SESSION_NOT_FOUND, () -> acquire(NOBODY, "a"));
    SessionId id = bench().session();
    Lease lease = acquire(id, "a");
    Lease stranger = new Lease(NOBODY, "a", lease.epoch(), lease.until());
    assertThat(leases().renew(stranger, MINUTE)).isFalse();
    leases().release(stranger);
  }

  @Test
  void ofManyWhoAskExactlyOneGetsTheSession() throws InterruptedException {
    SessionId id = bench().session();
    Set<Long> epochs = new HashSet<>();
    for (int round = 0; round < 10; round++) {
      List<Callable<Optional<Lease>>> tasks = new ArrayList<>();
      for (int t = 0; t < 20; t++) {
        String owner = "owner-" + t;
        tasks.add(() -> leases().acquire(id, owner, MINUTE));
      }
      List<Lease> taken = atOnce(tasks).stream().flatMap(Optional::stream).toList();
      assertThat(taken).hasSize(1);
      assertThat(epochs.add(taken.getFirst().epoch().value())).isTrue();
      bench().clock.advance(MINUTE);
    }
  }
}
