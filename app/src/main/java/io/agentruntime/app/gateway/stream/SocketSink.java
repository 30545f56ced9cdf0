// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket: a text frame per event, with a bounded window of bytes that the peer's connection
 * has not taken. Thread-safe.
 */
final class SocketSink implements StreamSink {
  private static final Logger LOG = LoggerFactory.getLogger(SocketSink.class);
  private static final int WINDOW = 256 * 1024;

  private final Channel channel;
  private final StreamTiming timing;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long inFlight;
  private long heardAt = System.nanoTime();
  private boolean pinged;
  private boolean gone;
  private boolean ended;
  private Runnable onGone = () -> {};

  SocketSink(Channel channel, StreamTiming timing) {
    this.channel = channel;
    this.timing = timing;
    channel.closeFuture().addListener(closed -> left());
  }

  /** The peer has said something, be it the answer to a ping. */
  void heard() {
    lock.lock();
    try {
      heardAt = System.nanoTime();
      pinged = false;
    } finally {
      lock.unlock();
    }
  }

  /** The peer has gone. */
  void left() {
    Runnable action;
    lock.lock();
    try {
      gone = true;
      action = onGone;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    action.run();
  }

  @Override
  public void onGone(Runnable action) {
    boolean now;
    lock.lock();
    try {
      onGone = action;
      now = gone;
    } finally {
      lock.unlock();
    }
    if (now) {
      action.run();
    }
  }

  /** The handshake has shown it. */
  @Override
  public Sent begin(Duration patience) {
    return Sent.TAKEN;
  }

  @Override
  public Sent send(List<StreamFrame> frames, Duration patience) throws InterruptedException {
    for (StreamFrame frame : frames) {
      Sent room = awaitRoom(frame.json().length, patience);
      if (room != Sent.TAKEN) {
        return room;
      }
      write(new TextWebSocketFrame(Unpooled.wrappedBuffer(frame.json())), frame.json().length);
    }
    return Sent.TAKEN;
  }

  @Override
  public Sent heartbeat(Duration patience) throws InterruptedException {
    lock.lock();
    try {
      if (pinged && System.nanoTime() - heardAt > timing.answer().toNanos()) {
        return gone ? Sent.GONE : Sent.SILENT;
      }
      pinged = true;
    } finally {
      lock.unlock();
    }
    Sent room = awaitRoom(0, patience);
    if (room == Sent.TAKEN) {
      write(new PingWebSocketFrame(Unpooled.EMPTY_BUFFER), 0);
    }
    return room;
  }

  /** Waits until a frame fits into the window; one that never would fits into an empty one. */
  private Sent awaitRoom(int bytes, Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (!gone && !ended && inFlight > 0 && inFlight + bytes > WINDOW) {
        if (left <= 0) {
          return Sent.STALLED;
        }
        left = changed.awaitNanos(left);
      }
      if (gone || ended) {
        return Sent.GONE;
      }
      inFlight += bytes;
      return Sent.TAKEN;
    } finally {
      lock.unlock();
    }
  }

  private void write(WebSocketFrame frame, int bytes) {
    channel.writeAndFlush(frame).addListener(written -> taken(written, bytes));
  }

  private void taken(Future<?> written, int bytes) {
    lock.lock();
    try {
      inFlight -= bytes;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (!written.isSuccess()) {
      left();
    }
  }

  @Override
  public void end(StreamEnd reason) {
    lock.lock();
    try {
      if (ended || gone) {
        ended = true;
        return;
      }
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    channel.write(new TextWebSocketFrame(Unpooled.wrappedBuffer(StreamFrame.end(reason).json())));
    channel.writeAndFlush(new CloseWebSocketFrame(reason.closeCode(), reason.code().name()));
    closeLater(channel, timing.goodbye());
  }

  /** Closes a connection whose peer takes nothing, not even the reason, in time. */
  static void closeLater(Channel channel, Duration goodbye) {
    try {
      channel.eventLoop().schedule(() -> reset(channel), goodbye.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The event loop has ended, and with it the channel");
    }
  }

  private static void reset(Channel channel) {
    if (!channel.isActive()) {
      return;
    }
    try {
      // What the kernel holds for the peer, some megabytes perhaps, is to go now too.
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    } catch (ChannelException e) {
      LOG.trace("The channel is closed already", e);
    }
    channel.close();
  }
}
