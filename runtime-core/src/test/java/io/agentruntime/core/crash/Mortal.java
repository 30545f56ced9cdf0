// SPDX-License-Identifier: MIT

package io.agentruntime.core.crash;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.persistence.EventStore;
import io.agentruntime.spi.persistence.LeaseStore;
import io.agentruntime.spi.persistence.TranscriptStore;
import io.agentruntime.spi.persistence.WorkspaceStore;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The life of one server: everything it does to the world outside goes through here, and at one
 * chosen call it dies, before or after that call had its effect. From then on nothing it does has
 * any effect, exactly as if its process had been killed.
 */
final class Mortal {
  private static final List<Class<?>> WRAPPED =
      List.of(
          Sandbox.class,
          SandboxProcess.class,
          EventStore.class,
          LeaseStore.class,
          TranscriptStore.class,
          WorkspaceStore.class);
  private static final Set<String> HARMLESS =
      Set.of(
          "id",
          "capabilities",
          "paths",
          "toString",
          "hashCode",
          "equals",
          "hostAddress",
          "open",
          "events",
          "leases",
          "transcripts",
          "workspaces",
          "profiles",
          "isAlive");

  /** Calls that only wait, perhaps for long. */
  private static final Set<String> WAITING = Set.of("awaitExit");

  private final long dieAt;
  private final boolean afterEffect;
  private final AtomicLong calls = new AtomicLong();
  private final Thread client;

  /** Read by every call, written by who waits for their end. */
  private final ReadWriteLock underWay = new ReentrantReadWriteLock();

  private boolean noticed;
  private volatile boolean dead;
  private volatile String where = "nowhere";

  /**
   * A life.
   *
   * @param dieAt the number of the call at which it ends, from 1; 0 to live on
   * @param afterEffect whether that call still has its effect
   * @param client interrupted by the death, as a connection would break
   */
  Mortal(long dieAt, boolean afterEffect, Thread client) {
    this.client = client;
    this.dieAt = dieAt;
    this.afterEffect = afterEffect;
  }

  /** How many calls there were. */
  long calls() {
    return calls.get();
  }

  /** At which call it died. */
  String where() {
    return where;
  }

  boolean isDead() {
    return dead;
  }

  /**
   * The client has noticed: no interrupt reaches it any more. What the dead server had begun has
   * had its effect by then: nothing of it reaches the world later.
   */
  void buried() {
    underWay.writeLock().lock();
    try {
      noticed = true;
      boolean wasInterrupted = Thread.interrupted();
    } finally {
      underWay.writeLock().unlock();
    }
  }

  /** The target as this server may use it, under a name of its own. */
  <T> T wrap(Class<T> type, T target, String id) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                method.getName().equals("id") && type.getName().contains(".persistence.")
                    ? id
                    : call(target, method, arguments)));
  }

  private Object call(Object target, Method method, Object[] arguments) throws Throwable {
    if (WAITING.contains(method.getName())) {
      return callNow(target, method, arguments);
    }
    underWay.readLock().lock();
    try {
      return callNow(target, method, arguments);
    } finally {
      underWay.readLock().unlock();
    }
  }

  private Object callNow(Object target, Method method, Object[] arguments) throws Throwable {
    if (dead) {
      throw gone();
    }
    if (HARMLESS.contains(method.getName())) {
      return wrapped(invoke(target, method, arguments));
    }
    boolean last = calls.incrementAndGet() == dieAt;
    if (last && !afterEffect) {
      die(method);
    }
    Object result = invoke(target, method, arguments);
    if (last || dead) {
      die(method);
    }
    return wrapped(result);
  }

  private synchronized void die(Method method) {
    if (!dead) {
      where =
          (afterEffect ? "after " : "before ")
              + method.getDeclaringClass().getSimpleName()
              + "."
              + method.getName();
      dead = true;
      if (!noticed) {
        client.interrupt();
      }
    }
    throw gone();
  }

  private static AgentRuntimeException gone() {
    return new AgentRuntimeException(StandardError.CLOSED, "this server is dead");
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Object wrapped(Object result) {
    for (Class<?> type : WRAPPED) {
      if (type.isInstance(result)) {
        return wrapAs(type, result);
      }
    }
    return result;
  }

  private <T> T wrapAs(Class<T> type, Object result) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call(result, method, arguments)));
  }
}
