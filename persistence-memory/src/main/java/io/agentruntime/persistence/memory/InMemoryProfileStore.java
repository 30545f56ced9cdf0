// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import io.agentruntime.spi.persistence.ProfileStore;
import io.agentruntime.support.json.ByteEstimate;
import io.agentruntime.support.json.ProfileMaps;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Profiles by id, counted like a session's data. Thread-safe. */
final class InMemoryProfileStore implements ProfileStore {
  private final MemorySessions sessions;
  private final TreeMap<String, AgentProfile> profiles = new TreeMap<>();

  InMemoryProfileStore(MemorySessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public synchronized void save(AgentProfile profile) {
    long before = bytes(profiles.get(profile.id()));
    sessions.budget().change("profile " + profile.id(), before, bytes(profile) - before);
    profiles.put(profile.id(), profile);
  }

  @Override
  public synchronized boolean delete(String profileId) {
    MemoryBudget budget = sessions.budget();
    AgentProfile removed = profiles.remove(profileId);
    budget.change("profile " + profileId, 0, -bytes(removed));
    return removed != null;
  }

  synchronized List<ProfileSummary> list() {
    sessions.budget();
    return profiles.values().stream().map(AgentProfile::summary).toList();
  }

  synchronized Optional<AgentProfile> load(String profileId) {
    sessions.budget();
    return Optional.ofNullable(profiles.get(profileId));
  }

  synchronized void clear() {
    profiles.clear();
  }

  private static long bytes(@Nullable AgentProfile profile) {
    return profile == null ? 0 : ByteEstimate.of(ProfileMaps.write(profile));
  }
}
