// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;

/**
 * An agent profile.
 *
 * @param id its id
 * @param summary what a list shows, as JSON
 * @param content all of it, as JSON
 */
@MappedEntity("profile")
@SuppressWarnings("ArrayRecordComponent") // A row: nobody compares it.
record ProfileRow(@Id String id, byte[] summary, byte[] content) {
  @Override
  public String toString() {
    return "ProfileRow[" + id + "]";
  }
}
