// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest requests, bounded by count and by size; the oldest go first. Thread-safe. */
public final class RequestLog {

  private static final long MAX_CHARACTERS = 32L * 1024 * 1024;

  private final int capacity;
  private final Deque<RecordedRequest> requests = new ArrayDeque<>();
  private long characters;

  public RequestLog(int capacity) {
    this.capacity = capacity;
  }

  /** Adds a request. */
  public synchronized void add(RecordedRequest request) {
    requests.addLast(request);
    characters += size(request);
    while (requests.size() > capacity || (characters > MAX_CHARACTERS && !requests.isEmpty())) {
      characters -= size(requests.removeFirst());
    }
  }

  /** What is remembered, oldest first. */
  public synchronized List<RecordedRequest> list() {
    return List.copyOf(requests);
  }

  private static long size(RecordedRequest request) {
    return (long) request.body().length() + request.system().length();
  }
}
