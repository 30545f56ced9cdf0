// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.ErrorCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes operations of a {@link FakeSandboxProvider} fail or wait. Thread-safe; at most one order
 * per operation, the newest counts.
 */
public final class FakeFaults {
  private final Map<FakeOperation, Order> orders = new ConcurrentHashMap<>();

  FakeFaults() {}

  /** Done before an operation: returns, throws, or waits first. */
  @FunctionalInterface
  public interface Order {
    /** Called on the thread that calls the operation. */
    void apply() throws InterruptedException;
  }

  /** An operation stops here until the gate is opened. */
  public static final class Gate implements AutoCloseable {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    private Gate() {}

    /** Waits until some thread has arrived. */
    public void awaitEntered() throws InterruptedException {
      entered.await();
    }

    /** Lets all through, now and later. */
    @Override
    public void close() {
      open.countDown();
    }
  }

  /** Any order. */
  public void before(FakeOperation operation, Order order) {
    orders.put(operation, order);
  }

  /** The next calls fail, then all is well again. */
  public void failNext(FakeOperation operation, int times, ErrorCode code) {
    AtomicInteger left = new AtomicInteger(times);
    before(
        operation,
        () -> {
          if (left.getAndDecrement() > 0) {
            throw new AgentRuntimeException(code, "ordered failure of " + operation);
          }
        });
  }

  /** Every call fails until {@link #heal}. */
  public void fail(FakeOperation operation, ErrorCode code) {
    failNext(operation, Integer.MAX_VALUE, code);
  }

  /** Every call waits, interruptibly, until the gate is closed. */
  public Gate hold(FakeOperation operation) {
    Gate gate = new Gate();
    before(
        operation,
        () -> {
          gate.entered.countDown();
          gate.open.await();
        });
    return gate;
  }

  /** Takes the order for an operation back. */
  public void heal(FakeOperation operation) {
    orders.remove(operation);
  }

  void before(FakeOperation operation) throws InterruptedException {
    Order order = orders.get(operation);
    if (order != null) {
      order.apply();
    }
  }
}
