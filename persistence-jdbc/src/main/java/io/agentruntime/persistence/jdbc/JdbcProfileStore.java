// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import io.agentruntime.spi.persistence.ProfileStore;
import io.agentruntime.support.json.ProfileMaps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Agent profiles. Thread-safe. */
final class JdbcProfileStore implements ProfileStore {
  private static final int ATTEMPTS = 3;

  private final Database database;
  private final ProfileRows rows;

  JdbcProfileStore(Database database) {
    this.database = database;
    this.rows = database.bean(ProfileRows.of(database.engine()));
  }

  @Override
  public void save(AgentProfile profile) throws InterruptedException {
    ProfileRow row =
        new ProfileRow(
            profile.id(), Json.write(summary(profile)), Json.write(ProfileMaps.write(profile)));
    for (int attempt = 1; ; attempt++) {
      try {
        database.write("saving profile " + profile.id(), tx -> save(row));
        return;
      } catch (AgentRuntimeException e) {
        // Somebody else saved the first of this id at the same moment: now there is one to replace.
        if (attempt == ATTEMPTS || !StoreErrors.isDuplicate(database.engine(), e)) {
          throw e;
        }
      }
    }
  }

  /** Writes and takes it back: reading alone does not show a full disk or a missing right. */
  void probe() throws InterruptedException {
    String nobody = "health-" + UUID.randomUUID();
    database.write(
        "writing to the database",
        tx -> {
          rows.save(new ProfileRow(nobody, Json.write(Map.of()), Json.write(Map.of())));
          rows.deleteById(nobody);
          return true;
        });
  }

  private ProfileRow save(ProfileRow row) {
    return rows.existsById(row.id()) ? rows.update(row) : rows.save(row);
  }

  @Override
  public boolean delete(String profileId) throws InterruptedException {
    return database.write(
        "deleting profile " + profileId,
        tx -> {
          boolean there = rows.existsById(profileId);
          rows.deleteById(profileId);
          return there;
        });
  }

  Optional<AgentProfile> load(String profileId) throws InterruptedException {
    Optional<ProfileRow> row =
        database.read("loading profile " + profileId, tx -> rows.findById(profileId));
    return row.map(found -> profile(profileId, found.content()));
  }

  private static AgentProfile profile(String id, byte[] content) {
    try {
      return ProfileMaps.read(Json.read("profile " + id, content));
    } catch (AgentRuntimeException e) {
      if (e.code() != StandardError.INVALID_ARGUMENT) {
        throw e;
      }
      throw new AgentRuntimeException(
          StandardError.STORE_CORRUPT, "stored profile " + id + ": " + e.getMessage(), e);
    }
  }

  List<ProfileSummary> list() throws InterruptedException {
    List<byte[]> summaries =
        database.read(
            "listing profiles",
            tx -> tx.all("SELECT summary FROM profile ORDER BY id", row -> row.getBytes(1)));
    return summaries.stream().map(JdbcProfileStore::summary).toList();
  }

  private static Map<String, Object> summary(AgentProfile profile) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", profile.id());
    map.put("name", profile.name());
    String description = profile.description();
    if (description != null) {
      map.put("description", description);
    }
    return map;
  }

  private static ProfileSummary summary(byte[] json) {
    Map<String, Object> map = Json.read("profile", json);
    Object description = map.get("description");
    return new ProfileSummary(
        String.valueOf(map.get("id")),
        String.valueOf(map.get("name")),
        description == null ? null : description.toString());
  }
}
