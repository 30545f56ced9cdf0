// SPDX-License-Identifier: MIT

package io.agentruntime.core.profile;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import java.util.List;
import java.util.Optional;

/** A place that agent profiles come from beside the store, for instance a folder. Thread-safe. */
public interface ProfileSource {
  /** All its profiles. */
  List<ProfileSummary> list();

  /**
   * A profile, empty when it has none of that id.
   *
   * @throws io.agentruntime.error.AgentRuntimeException {@code INVALID_ARGUMENT} when it is there
   *     but cannot be read, naming the field
   */
  Optional<AgentProfile> load(String profileId);

  /** No profiles. */
  static ProfileSource none() {
    return of(List.of());
  }

  /** These profiles. */
  static ProfileSource of(List<AgentProfile> profiles) {
    List<AgentProfile> copy = List.copyOf(profiles);
    return new ProfileSource() {
      @Override
      public List<ProfileSummary> list() {
        return copy.stream().map(AgentProfile::summary).toList();
      }

      @Override
      public Optional<AgentProfile> load(String profileId) {
        return copy.stream().filter(profile -> profile.id().equals(profileId)).findFirst();
      }
    };
  }
}
