// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.socketio;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** The acknowledgements that one socket's client still owes. Thread-safe, bounded. */
final class PendingAcks {
  private static final int MOST = 1000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, CompletableFuture<List<@Nullable Object>>> pending = new HashMap<>();
  private long nextId;
  private boolean cancelled;

  /**
   * Expects an acknowledgement.
   *
   * @param send sends the event under the given id; false if it could not
   */
  CompletableFuture<List<@Nullable Object>> expect(Duration deadline, LongPredicate send) {
    CompletableFuture<List<@Nullable Object>> result = new CompletableFuture<>();
    long id;
    lock.lock();
    try {
      if (cancelled || pending.size() >= MOST) {
        String why = cancelled ? "the socket has ended" : "too many acknowledgements are missing";
        result.completeExceptionally(new CancellationException(why));
        return result;
      }
      id = nextId++;
      pending.put(id, result);
    } finally {
      lock.unlock();
    }
    long sent = id;
    // Its deadline must not wait for the connection's thread, which may be waiting for this.
    result
        .orTimeout(deadline.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete((args, failure) -> remove(sent));
    if (!send.test(sent)) {
      result.completeExceptionally(new CancellationException("the socket has ended"));
    }
    return result;
  }

  /** Takes an acknowledgement; one that nobody waits for is ignored. */
  void complete(long id, List<@Nullable Object> args) {
    CompletableFuture<List<@Nullable Object>> result = remove(id);
    if (result != null) {
      result.complete(args);
    }
  }

  private @Nullable CompletableFuture<List<@Nullable Object>> remove(long id) {
    lock.lock();
    try {
      return pending.remove(id);
    } finally {
      lock.unlock();
    }
  }

  void cancel() {
    List<CompletableFuture<List<@Nullable Object>>> left;
    lock.lock();
    try {
      cancelled = true;
      left = List.copyOf(pending.values());
      pending.clear();
    } finally {
      lock.unlock();
    }
    left.forEach(r -> r.completeExceptionally(new CancellationException("the socket has ended")));
  }
}
