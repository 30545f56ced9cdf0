// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

import io.micronaut.core.io.buffer.ReadBuffer;
import io.micronaut.http.ByteBodyHttpResponse;
import io.micronaut.http.HttpResponse;
import io.netty.channel.Channel;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * One call on one HTTP/2 stream. The event loop fills a queue, whose length is bounded by what was
 * requested; the caller empties it.
 */
final class Exchange implements GrpcCall {
  private static final int BUFFERS = 16;
  private static final String STATUS = "grpc-status";
  private static final String MESSAGE = "grpc-message";
  private static final String CONTENT_TYPE = "application/grpc";

  private final String what;
  private final Frames frames;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Map<String, String> trailers = new HashMap<>();
  private @Nullable Channel stream;
  private @Nullable Subscription subscription;
  private @Nullable Long reset;
  private volatile Runnable whenOver = () -> {};
  private boolean closed;
  private boolean over;
  private @Nullable Event end;

  /** What happens to a call. */
  private sealed interface Event {
    record Bytes(byte[] bytes) implements Event {}

    record End() implements Event {}

    record Failure(GrpcException reason) implements Event {}
  }

  /**
   * A call that was not sent yet.
   *
   * @param what server and method, for messages
   */
  Exchange(String what, int messageLimit) {
    this.what = what;
    this.frames = new Frames(messageLimit);
  }

  // --- what the caller does

  @Override
  public byte @Nullable [] next(Duration patience) throws GrpcException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      byte[] message = frames.poll();
      if (message != null) {
        return message;
      }
      Event event = end != null ? end : poll(deadline - System.nanoTime());
      switch (event) {
        case Event.Bytes(byte[] bytes) -> {
          request();
          frames.add(bytes);
        }
        case Event.Failure(GrpcException reason) -> {
          end = event;
          throw reason.again();
        }
        case Event.End _ -> {
          end = event;
          requireSuccess();
          return null;
        }
      }
    }
  }

  @Override
  public synchronized Map<String, String> trailers() {
    return Map.copyOf(trailers);
  }

  @Override
  public void close() {
    Channel open;
    Subscription waiting;
    synchronized (this) {
      closed = true;
      if (over) {
        return;
      }
      over = true;
      open = stream;
      waiting = subscription;
    }
    // Closing the stream is what tells the server; giving up the subscription alone would not.
    if (open != null) {
      open.close();
    }
    if (waiting != null) {
      waiting.cancel();
    }
    whenOver.run();
    events.add(
        new Event.Failure(new GrpcException(GrpcStatus.CANCELLED, what + " was closed", null)));
  }

  private Event poll(long nanos) throws InterruptedException, GrpcException {
    Event event = events.poll(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
    if (event == null) {
      throw new GrpcException(GrpcStatus.DEADLINE_EXCEEDED, what + " did not answer in time", null);
    }
    return event;
  }

  private synchronized void request() {
    if (subscription != null) {
      subscription.request(1);
    }
  }

  /** A stream that ends without a status is an error, whatever came before. */
  private void requireSuccess() throws GrpcException {
    Map<String, String> last = trailers();
    String number = last.get(STATUS);
    if (number == null) {
      throw new GrpcException(
          GrpcStatus.INTERNAL, what + " ended without a status, so it was cut off", null);
    }
    GrpcStatus status = GrpcStatus.of(number);
    if (status != GrpcStatus.OK) {
      throw GrpcException.told(
          status, what + ": " + decoded(last.getOrDefault(MESSAGE, "no reason given")), last);
    }
    if (!frames.isWhole()) {
      throw new GrpcException(GrpcStatus.INTERNAL, what + " ended within a message", null);
    }
  }

  /** The message is percent-encoded; a plus is a plus. */
  private static String decoded(String message) {
    try {
      return URLDecoder.decode(message.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return message;
    }
  }

  // --- what the event loop tells

  /** The stream on which the call runs. */
  void onStream(Channel channel) {
    boolean late;
    synchronized (this) {
      stream = channel;
      late = closed;
    }
    if (late) {
      channel.close();
    }
  }

  /** Headers or trailers of the reply. */
  synchronized void onTrailer(String name, String value) {
    trailers.put(name.toLowerCase(Locale.ROOT), value);
  }

  /** The server gave the stream up. */
  synchronized void onReset(long errorCode) {
    reset = errorCode;
  }

  /**
   * Takes the reply, when it begins.
   *
   * @param onEnd run when the call is over
   */
  void follow(Publisher<? extends HttpResponse<?>> reply, Runnable onEnd) {
    whenOver = onEnd;
    reply.subscribe(
        new Listener<HttpResponse<?>>(1) {
          private boolean begun;

          @Override
          public void onNext(HttpResponse<?> response) {
            begun = true;
            begin(response);
          }

          @Override
          public void onComplete() {
            if (!begun) {
              fail(new IllegalStateException("no reply"));
            }
          }
        });
  }

  private void begin(HttpResponse<?> response) {
    response
        .getHeaders()
        .forEach((name, values) -> values.forEach(value -> onTrailer(name, value)));
    if (!(response instanceof ByteBodyHttpResponse<?> raw)) {
      fail(new IllegalStateException("unexpected reply " + response.getClass()));
      return;
    }
    int code = response.code();
    String type = response.getHeaders().get("content-type");
    if (code != 200 || type == null || !type.startsWith(CONTENT_TYPE)) {
      raw.close();
      finish(
          new Event.Failure(
              new GrpcException(
                  code == 200 ? GrpcStatus.UNKNOWN : GrpcStatus.ofHttp(code),
                  what + " was answered by HTTP status " + code + ", not by gRPC",
                  null)));
      return;
    }
    raw.byteBody()
        .toReadBufferPublisher()
        .subscribe(
            new Listener<ReadBuffer>(BUFFERS) {
              @Override
              public void onNext(ReadBuffer buffer) {
                events.add(new Event.Bytes(buffer.toArray()));
              }

              @Override
              public void onComplete() {
                finish(new Event.End());
              }
            });
  }

  private void fail(Throwable failure) {
    Long code;
    synchronized (this) {
      code = reset;
      // The server may have told its status and then have closed more than it had to.
      if (trailers.containsKey(STATUS)) {
        code = null;
        failure = null;
      }
    }
    if (failure == null) {
      finish(new Event.End());
    } else if (code != null) {
      finish(
          new Event.Failure(
              new GrpcException(
                  GrpcStatus.ofReset(code), what + " was reset by code " + code, failure)));
    } else {
      finish(new Event.Failure(Failures.of(what, failure)));
    }
  }

  private void finish(Event last) {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
    }
    whenOver.run();
    events.add(last);
  }

  /** Keeps the subscription, by which more is requested. */
  private abstract class Listener<T> implements Subscriber<T> {
    private final int demand;

    Listener(int demand) {
      this.demand = demand;
    }

    @Override
    public void onSubscribe(Subscription given) {
      boolean late;
      synchronized (Exchange.this) {
        subscription = given;
        late = closed;
      }
      if (late) {
        given.cancel();
      } else {
        given.request(demand);
      }
    }

    @Override
    public void onError(Throwable failure) {
      fail(failure);
    }
  }
}
