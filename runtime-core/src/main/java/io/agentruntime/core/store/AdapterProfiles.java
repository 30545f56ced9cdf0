// SPDX-License-Identifier: MIT

package io.agentruntime.core.store;

import io.agentruntime.core.profile.StoredProfiles;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import java.util.List;
import java.util.Optional;

/** The profiles of a persistence adapter. Thread-safe. */
public record AdapterProfiles(PersistenceAdapter adapter) implements StoredProfiles {
  @Override
  public List<ProfileSummary> list() throws InterruptedException {
    return adapter.listAgentProfiles();
  }

  @Override
  public Optional<AgentProfile> load(String profileId) throws InterruptedException {
    return adapter.loadAgentProfile(profileId);
  }

  @Override
  public void save(AgentProfile profile) throws InterruptedException {
    adapter.profiles().save(profile);
  }

  @Override
  public boolean delete(String profileId) throws InterruptedException {
    return adapter.profiles().delete(profileId);
  }
}
