// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.acp;

import java.util.Map;

/** Numbers our requests to a process. Confined to its protocol. */
final class RequestIds {
  private long last;

  RequestIds(Map<String, Object> snapshot) {
    last = snapshot.get("requests") instanceof Number n ? n.longValue() : 0;
  }

  long next() {
    return ++last;
  }

  void snapshot(Map<String, Object> into) {
    into.put("requests", last);
  }
}
