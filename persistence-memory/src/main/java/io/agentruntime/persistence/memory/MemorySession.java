// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.persistence.Lease;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.StoredFile;
import io.agentruntime.support.json.ByteEstimate;
import io.agentruntime.support.json.RecordMaps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that is kept of one session. Guarded by itself: see {@link MemorySessions}. */
final class MemorySession {
  SessionRecord record;
  @Nullable StoredTranscript transcript;
  final NavigableMap<WorkspacePath, StoredFile> files = new TreeMap<>();

  List<EventEnvelope> events = new ArrayList<>();
  long lastSeq;
  int openMessages;

  final Map<String, ByteRope> transcriptFiles = new LinkedHashMap<>();

  final Map<ContentHash, byte[]> blobs = new HashMap<>();
  final Set<ContentHash> putSinceManifest = new HashSet<>();
  @Nullable Manifest manifest;

  @Nullable Lease lease;
  LeaseEpoch newestEpoch = LeaseEpoch.NONE;

  boolean deleted;
  private long bytes;
  private final MemoryBudget budget;

  MemorySession(SessionRecord record, MemoryBudget budget) {
    this.record = record;
    this.budget = budget;
    charge(bytes(record));
  }

  private static long bytes(SessionRecord record) {
    return ByteEstimate.of(RecordMaps.write(record));
  }

  void replaceRecord(SessionRecord newer) {
    charge(bytes(newer) - bytes(record));
    record = newer;
  }

  /** Refuses a writer that is no longer the owner. */
  void requireNewest(LeaseEpoch epoch) {
    if (epoch.compareTo(newestEpoch) < 0) {
      throw new AgentRuntimeException(
          StandardError.FENCED,
          "session "
              + record.id()
              + " has a newer owner (epoch "
              + newestEpoch.value()
              + "): the writer of epoch "
              + epoch.value()
              + " must stop");
    }
  }

  /** Accounts for a change of what the session holds; refuses growth past a limit. */
  void charge(long change) {
    budget.change("session " + record.id(), bytes, change);
    bytes += change;
  }

  /** Gives everything back. */
  void discharge() {
    budget.change("session " + record.id(), bytes, -bytes);
    bytes = 0;
  }
}
