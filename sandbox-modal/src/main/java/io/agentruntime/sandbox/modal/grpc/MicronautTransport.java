// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

import io.micronaut.context.ApplicationContext;
import io.micronaut.core.io.buffer.ByteArrayBufferFactory;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpRequest;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.client.HttpClient;
import io.micronaut.http.client.RawHttpClient;
import io.micronaut.http.client.netty.NettyClientCustomizer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * gRPC over the Micronaut HTTP client, which speaks HTTP/2 only: with TLS, or without by prior
 * knowledge. One client serves all servers; the pool opens as many connections to each as its calls
 * need, so that none carries more streams than a server allows. Thread-safe.
 */
public final class MicronautTransport implements GrpcTransport {
  private static final ByteBodyFactory BODIES =
      ByteBodyFactory.createDefault(ByteArrayBufferFactory.INSTANCE);

  private final int messageLimit;
  private final ApplicationContext context;
  private final RawHttpClient client;
  private final StreamTap tap = new StreamTap();
  private final Set<Exchange> running = ConcurrentHashMap.newKeySet();

  /** Opens no connection yet. */
  public MicronautTransport(TransportSettings settings) {
    messageLimit = settings.messageLimit();
    context = HttpContext.start(settings);
    context.getBean(NettyClientCustomizer.Registry.class).register(tap);
    client = (RawHttpClient) context.getBean(HttpClient.class);
  }

  @Override
  public GrpcCall start(GrpcRequest request) {
    String what = request.server().getAuthority() + request.method();
    Exchange exchange = new Exchange(what, messageLimit);
    running.add(exchange);
    String key = tap.expect(exchange);
    MutableHttpRequest<Object> http =
        HttpRequest.POST(request.server().resolve(request.method()), null)
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .header("user-agent", "agent-runtime")
            .header(StreamTap.CALL, key);
    request.headers().forEach(http::header);
    if (request.timeout() != null) {
      http.header("grpc-timeout", timeout(request.timeout()));
    }
    Runnable over =
        () -> {
          tap.forget(key);
          running.remove(exchange);
        };
    try {
      exchange.follow(
          client.exchange(http, BODIES.adapt(Frames.encode(request.message())), null), over);
      return exchange;
    } catch (RuntimeException e) {
      over.run();
      throw e;
    }
  }

  /** Ends the calls that are running, too: nobody would tell them of an end. */
  @Override
  public void close() {
    running.forEach(Exchange::close);
    context.close();
  }

  /** At most eight digits and a unit. */
  private static String timeout(Duration timeout) {
    long millis = Math.max(1, timeout.toMillis());
    return millis < 100_000_000
        ? millis + "m"
        : Math.min(TimeUnit.MILLISECONDS.toSeconds(millis), 99_999_999) + "S";
  }
}
