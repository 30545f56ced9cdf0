// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.agentruntime.sandbox.modal.wire.ObjectCreationType;
import io.grpc.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Environments, which are given, and the apps in them. Thread-safe. */
final class Apps {
  private record Name(String environment, String app) {}

  private final StandInSettings settings;
  private final Map<Name, String> ids = new HashMap<>();

  Apps(StandInSettings settings) {
    this.settings = settings;
  }

  /** An environment's full name; the default one has none. */
  String environment(String name) {
    if (name.isEmpty()) {
      return settings.environments().iterator().next();
    }
    if (!settings.environments().contains(name)) {
      throw Status.NOT_FOUND
          .withDescription("Environment '" + name + "' not found")
          .asRuntimeException();
    }
    return name;
  }

  synchronized String getOrCreate(String environment, String app, ObjectCreationType how) {
    Name name = new Name(environment(environment), app);
    String known = ids.get(name);
    if (known == null) {
      if (how != ObjectCreationType.OBJECT_CREATION_TYPE_CREATE_IF_MISSING) {
        throw Status.NOT_FOUND.withDescription("App '" + app + "' not found").asRuntimeException();
      }
      known = "ap-" + Ids.next();
      ids.put(name, known);
    }
    return known;
  }

  synchronized Optional<String> id(String environment, String app) {
    return Optional.ofNullable(ids.get(new Name(environment(environment), app)));
  }

  /** The environment of an app. */
  synchronized String environmentOf(String appId) {
    return ids.entrySet().stream()
        .filter(e -> e.getValue().equals(appId))
        .map(e -> e.getKey().environment())
        .findFirst()
        .orElseThrow(
            () -> Status.NOT_FOUND.withDescription("no app " + appId).asRuntimeException());
  }
}
