// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.agentruntime.sandbox.modal.wire.ObjectCreationType;
import io.agentruntime.sandbox.modal.wire.SecretGetOrCreateRequest;
import io.agentruntime.sandbox.modal.wire.SecretSource;
import io.grpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Named and ephemeral secrets. Thread-safe. */
final class Secrets {
  private final Map<String, Map<String, String>> byId = new HashMap<>();
  private final Map<String, String> idByName = new HashMap<>();

  synchronized String getOrCreate(SecretGetOrCreateRequest request) {
    ObjectCreationType how = request.getObjectCreationType();
    boolean ephemeral = how == ObjectCreationType.OBJECT_CREATION_TYPE_EPHEMERAL;
    String name = request.getEnvironmentName() + "/" + request.getDeploymentName();
    String known = ephemeral ? null : idByName.get(name);
    if (known == null) {
      if (how == ObjectCreationType.OBJECT_CREATION_TYPE_UNSPECIFIED) {
        throw Status.NOT_FOUND
            .withDescription("no secret " + request.getDeploymentName())
            .asRuntimeException();
      }
      known = "st-" + Ids.next();
      byId.put(known, Map.copyOf(request.getEnvDictMap()));
      if (!ephemeral) {
        idByName.put(name, known);
      }
    }
    Map<String, String> values = require(known);
    for (String key : request.getRequiredKeysList()) {
      if (!values.containsKey(key)) {
        throw Status.FAILED_PRECONDITION
            .withDescription("Secret is missing key(s): " + key)
            .asRuntimeException();
      }
    }
    return known;
  }

  synchronized void delete(String id) {
    Map<String, String> unused = require(id);
    byId.remove(id);
    idByName.values().remove(id);
  }

  /** What secrets and plain variables amount to; later ones win. */
  synchronized Map<String, String> merge(List<SecretSource> sources) {
    Map<String, String> all = new HashMap<>();
    for (SecretSource source : sources) {
      all.putAll(
          source.hasSecretId() ? require(source.getSecretId()) : source.getEnv().getContentsMap());
    }
    return all;
  }

  private Map<String, String> require(String id) {
    Map<String, String> values = byId.get(id);
    if (values == null) {
      throw Status.NOT_FOUND.withDescription("no secret " + id).asRuntimeException();
    }
    return values;
  }
}
