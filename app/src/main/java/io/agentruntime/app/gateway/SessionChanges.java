// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.protocol.SocketCodec;
import io.agentruntime.app.gateway.stream.SessionStreams;
import io.agentruntime.app.rest.view.SessionItem;
import io.agentruntime.core.session.SessionDirectory;
import io.agentruntime.spi.persistence.SessionQuery;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due when sessions come, go or change: rooms and streams go on, and flat clients get
 * the list. One thread of its own; the owner closes it.
 *
 * <p>The list is sent at most once in a while, however often something changes, and not at all when
 * it would be the same.
 */
final class SessionChanges implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionChanges.class);
  private static final Duration PACE = Duration.ofMillis(500);
  private static final int PAGE = 1_000;

  private final SessionDirectory sessions;
  private final SessionRooms rooms;
  private final SessionStreams streams;
  private final ClientRegistry clients;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition signalled = lock.newCondition();
  private final AutoCloseable registration;
  private final Thread thread;
  private boolean changed;
  private List<SessionItem> lastList = List.of();

  SessionChanges(
      SessionDirectory sessions,
      SessionRooms rooms,
      SessionStreams streams,
      ClientRegistry clients) {
    this.sessions = sessions;
    this.rooms = rooms;
    this.streams = streams;
    this.clients = clients;
    this.registration = sessions.onChange(this::signal);
    this.thread = Thread.ofVirtual().name("session-changes").start(this::run);
  }

  private void signal() {
    lock.lock();
    try {
      changed = true;
      signalled.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    long listDue = Long.MAX_VALUE;
    long listFrom = System.nanoTime();
    try {
      while (true) {
        boolean now = await(listDue);
        if (now) {
          rooms.resume();
          streams.resume();
          listDue = Math.min(listDue, Math.max(System.nanoTime(), listFrom));
        }
        if (System.nanoTime() - listDue >= 0 && listDue != Long.MAX_VALUE) {
          sendList();
          listDue = Long.MAX_VALUE;
          listFrom = System.nanoTime() + PACE.toNanos();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a change, or until the list is due; whether there was a change. */
  private boolean await(long due) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!changed) {
        if (due == Long.MAX_VALUE) {
          signalled.await();
        } else if (signalled.awaitNanos(due - System.nanoTime()) <= 0) {
          break;
        }
      }
      boolean was = changed;
      changed = false;
      return was;
    } finally {
      lock.unlock();
    }
  }

  private void sendList() throws InterruptedException {
    List<GatewayClient> flat =
        clients.connected().stream().filter(c -> c.dialect() == Dialect.FLAT).toList();
    if (flat.isEmpty()) {
      return;
    }
    try {
      List<SessionItem> list =
          sessions.list(SessionQuery.first(PAGE)).sessions().stream()
              .map(session -> SessionItem.of(session, sessions.runtimeState(session.id())))
              .toList();
      if (list.equals(lastList)) {
        return;
      }
      lastList = list;
      List<EncodedPacket> packets = List.of(SocketCodec.event("sessions:list", list));
      flat.forEach(client -> client.send(packets));
    } catch (RuntimeException e) {
      LOG.warn("the list of sessions cannot be sent", e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      registration.close();
    } catch (Exception e) {
      LOG.warn("listening for changes did not end", e);
    }
  }
}
