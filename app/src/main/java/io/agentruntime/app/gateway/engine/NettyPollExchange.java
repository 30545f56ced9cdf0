// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** A poll on a Netty channel: knows when the client gives it up. Thread-safe. */
final class NettyPollExchange implements PollExchange, ChannelFutureListener {
  private final EngineConnection connection;
  private final Channel channel;
  private final CompletableFuture<MutableHttpResponse<?>> response = new CompletableFuture<>();

  NettyPollExchange(EngineConnection connection, HttpRequest<?> request) {
    this.connection = connection;
    this.channel = ((NettyHttpRequest<?>) request).getChannelHandlerContext().channel();
    channel.closeFuture().addListener(this);
  }

  /** The answer, once there is one. */
  CompletableFuture<MutableHttpResponse<?>> response() {
    return response;
  }

  @Override
  public void answer(byte[] payload) {
    complete(EngineResponses.text(payload));
  }

  @Override
  public void refuse(EngineError error) {
    complete(EngineResponses.refusal(error));
  }

  private void complete(MutableHttpResponse<?> with) {
    forget();
    try {
      // Whoever sends must not have to write the response.
      channel.eventLoop().execute(() -> response.complete(with));
    } catch (RejectedExecutionException e) {
      response.complete(with);
    }
  }

  /** No longer cares for the channel, which may serve many more polls. */
  void forget() {
    channel.closeFuture().removeListener(this);
  }

  @Override
  public void operationComplete(ChannelFuture closed) {
    connection.abandon(this);
    // Nobody reads it, but whoever waits for it must not wait for ever.
    response.complete(EngineResponses.refusal(EngineError.BAD_REQUEST));
  }
}
