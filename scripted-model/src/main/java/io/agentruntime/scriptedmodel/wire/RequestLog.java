package io.agentruntime.scriptedmodel.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest requests, bounded by count and by bytes; the oldest go first. Thread-safe. */
public final class RequestLog {

  private static final long MAX_BYTES = 64L * 1024 * 1024;

  private final int capacity;
  private final Deque<RecordedRequest> requests = new ArrayDeque<>();
  private long bytes;

  public RequestLog(int capacity) {
    this.capacity = capacity;
  }

  /** Adds a request. */
  public synchronized void add(RecordedRequest request) {
    requests.addLast(request);
    bytes += request.bytes();
    while (requests.size() > capacity || (bytes > MAX_BYTES && !requests.isEmpty())) {
      bytes -= requests.removeFirst().bytes();
    }
  }

  /** What is remembered, oldest first. */
  public synchronized List<RecordedRequest> list() {
    return List.copyOf(requests);
  }
}
