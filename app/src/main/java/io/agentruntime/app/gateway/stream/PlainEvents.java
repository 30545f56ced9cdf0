// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.MediaType;
import io.micronaut.http.server.netty.HttpCompressionStrategy;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import jakarta.inject.Singleton;

/**
 * Keeps streams of events uncompressed, as sockets are: it would cost a window of memory for each
 * and more work than it saves.
 */
@Singleton
final class PlainEvents implements BeanCreatedEventListener<HttpCompressionStrategy> {
  @Override
  public HttpCompressionStrategy onCreated(BeanCreatedEvent<HttpCompressionStrategy> event) {
    return new ExceptEvents(event.getBean());
  }

  private record ExceptEvents(HttpCompressionStrategy others) implements HttpCompressionStrategy {
    @Override
    public boolean isEnabled() {
      return others.isEnabled();
    }

    @Override
    public boolean shouldCompress(HttpResponse response) {
      String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE);
      return (type == null || !type.startsWith(MediaType.TEXT_EVENT_STREAM))
          && others.shouldCompress(response);
    }

    @Override
    public int getCompressionLevel() {
      return others.getCompressionLevel();
    }

    @Override
    public int getMaxZstdEncodeSize() {
      return others.getMaxZstdEncodeSize();
    }
  }
}
