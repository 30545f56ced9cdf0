// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Collects the body of a request, as long as it stays within a limit. One thread at a time. */
final class BodyReader implements Subscriber<byte[]> {
  private final int maxLength;
  private final CompletableFuture<byte @Nullable []> body = new CompletableFuture<>();
  private final ByteArrayOutputStream read = new ByteArrayOutputStream();
  private @Nullable Subscription upstream;

  BodyReader(int maxLength) {
    this.maxLength = maxLength;
  }

  /** The whole body; null if it is longer than the limit; a failure if it broke off. */
  CompletableFuture<byte @Nullable []> body() {
    return body;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    upstream = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(byte[] part) {
    if (body.isDone()) {
      return;
    }
    if (read.size() + part.length > maxLength) {
      body.complete(null);
      if (upstream != null) {
        upstream.cancel();
      }
      return;
    }
    read.writeBytes(part);
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    body.complete(read.toByteArray());
  }
}
