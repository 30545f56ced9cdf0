// SPDX-License-Identifier: MIT

package io.agentruntime.model.profile;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A profile in a listing.
 *
 * @param id the profile's id
 * @param name for people
 * @param description for people, if given
 */
public record ProfileSummary(String id, String name, @Nullable String description) {
  /** Checks required components. */
  public ProfileSummary {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
  }
}
