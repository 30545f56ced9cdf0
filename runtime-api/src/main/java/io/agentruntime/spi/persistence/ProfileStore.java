// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.model.profile.AgentProfile;

/** Agent profiles that can be changed. Thread-safe. */
public interface ProfileStore {
  /** Stores a profile under its id, replacing what was there. */
  void save(AgentProfile profile) throws InterruptedException;

  /** Removes a profile; false when there was none. */
  boolean delete(String profileId) throws InterruptedException;
}
