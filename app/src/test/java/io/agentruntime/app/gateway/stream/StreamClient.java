// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import io.agentruntime.app.gateway.Await;
import io.agentruntime.app.json.Json;
import io.agentruntime.app.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** Somebody who follows a session's log, whatever the transport. */
abstract class StreamClient implements AutoCloseable {
  private final BlockingQueue<Map<String, Object>> frames = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** A frame came. */
  @SuppressWarnings("unchecked")
  final void came(String json) {
    try {
      frames.add(
          (Map<String, Object>)
              Objects.requireNonNull(Json.read(json.getBytes(StandardCharsets.UTF_8))));
    } catch (MalformedJsonException e) {
      ended.completeExceptionally(e);
    }
  }

  /** Nothing more will come. */
  final void ended() {
    ended.complete(null);
  }

  final Map<String, Object> next() throws InterruptedException {
    return Await.next(frames, "the next frame");
  }

  /** Everything up to, and with, an event of that number. */
  final List<Map<String, Object>> upTo(long seq) throws InterruptedException {
    List<Map<String, Object>> read = new ArrayList<>();
    do {
      read.add(next());
    } while (seqOf(read.getLast()) < seq);
    return read;
  }

  final boolean hasMore() {
    return !frames.isEmpty();
  }

  final void awaitEnd() throws InterruptedException {
    Await.result(ended, "the end of the stream");
  }

  @Override
  public abstract void close();

  static long seqOf(Map<String, Object> frame) {
    return ((Number) Objects.requireNonNull(frame.get("seq"), () -> "seq of " + frame)).longValue();
  }
}
