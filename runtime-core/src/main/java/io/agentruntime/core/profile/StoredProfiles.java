// SPDX-License-Identifier: MIT

package io.agentruntime.core.profile;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import java.util.List;
import java.util.Optional;

/**
 * The agent profiles that lie in the store, where they can be changed; those of a {@link
 * ProfileSource} cannot. Thread-safe.
 *
 * <p>All methods throw {@code STORE_UNAVAILABLE} when the store does not answer.
 */
public interface StoredProfiles {
  /** All of them. */
  List<ProfileSummary> list() throws InterruptedException;

  /** A profile, empty when the store has none of that id. */
  Optional<AgentProfile> load(String profileId) throws InterruptedException;

  /**
   * Stores a profile under its id, replacing what was there.
   *
   * @throws io.agentruntime.error.AgentRuntimeException {@code UNSUPPORTED} when the store cannot
   *     change profiles
   */
  void save(AgentProfile profile) throws InterruptedException;

  /**
   * Removes a profile. Sessions that were created with it cannot be loaded any more, unless there
   * is another profile of that id.
   *
   * @return false when there was none
   * @throws io.agentruntime.error.AgentRuntimeException {@code UNSUPPORTED} when the store cannot
   *     change profiles
   */
  boolean delete(String profileId) throws InterruptedException;
}
