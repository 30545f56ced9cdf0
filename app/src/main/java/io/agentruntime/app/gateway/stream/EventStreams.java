// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.channel.Channel;
import jakarta.inject.Singleton;

/** A session's log as server-sent events. Thread-safe. */
@Singleton
public final class EventStreams {
  private final SessionStreams streams;

  /** Streams of this server. */
  public EventStreams(SessionStreams streams) {
    this.streams = streams;
  }

  /** Whether a request asks for a stream, rather than for a page. */
  public static boolean isWanted(HttpRequest<?> request) {
    return request.getHeaders().getAll(HttpHeaders.ACCEPT).stream()
        .anyMatch(accepted -> accepted.contains(MediaType.TEXT_EVENT_STREAM));
  }

  /**
   * The reply that tells everything after the client's cursor, and then what happens.
   *
   * @throws AgentRuntimeException {@code INVALID_ARGUMENT} for a malformed cursor, {@code
   *     TOO_MANY_STREAMS}
   */
  public HttpResponse<?> open(HttpRequest<?> request, Session session) {
    Channel channel = ((NettyHttpRequest<?>) request).getChannelHandlerContext().channel();
    SseSink sink =
        new SseSink(
            channel.eventLoop(), () -> SocketSink.closeLater(channel, streams.timing().goodbye()));
    streams.start(session, StreamCursor.of(request), sink);
    return HttpResponse.ok(sink)
        .contentType(MediaType.TEXT_EVENT_STREAM_TYPE)
        // A connection whose client stalls is closed some time after its stream has ended.
        .header(HttpHeaders.CONNECTION, "close")
        // Proxies that collect replies would hold back what happens now.
        .header("x-accel-buffering", "no");
  }
}
