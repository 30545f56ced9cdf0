// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import io.agentruntime.sandbox.modal.wire.AppGetOrCreateRequest;
import io.agentruntime.sandbox.modal.wire.AppGetOrCreateResponse;
import io.agentruntime.sandbox.modal.wire.EnvironmentGetOrCreateRequest;
import io.agentruntime.sandbox.modal.wire.EnvironmentGetOrCreateResponse;
import io.agentruntime.sandbox.modal.wire.ObjectCreationType;
import org.jspecify.annotations.Nullable;

/** The app that sandboxes belong to, looked up when it is first needed. Thread-safe. */
final class App {
  private final ControlPlane modal;
  private final Shared<String> lookup = new Shared<>("modal-app", this::find);
  private final Shared<String> builderLookup = new Shared<>("modal-builder", this::findBuilder);
  private volatile @Nullable String id;
  private volatile @Nullable String builder;

  App(ControlPlane modal) {
    this.modal = modal;
  }

  /**
   * Its id; created when there is none of that name.
   *
   * @throws AgentRuntimeException {@code CONFIGURATION} when the environment does not exist or the
   *     tokens are not accepted
   */
  String id() throws GrpcException, InterruptedException {
    String present = id;
    if (present == null) {
      present = lookup.await();
      id = present;
    }
    return present;
  }

  /** Which version of Modal's image builder to use. */
  String builderVersion() throws GrpcException, InterruptedException {
    String present = builder;
    if (present == null) {
      String set = modal.settings().builderVersion();
      present = set == null ? builderLookup.await() : set;
      builder = present;
    }
    return present;
  }

  private String find() throws GrpcException, InterruptedException {
    ModalSettings settings = modal.settings();
    try {
      return modal
          .call(
              "AppGetOrCreate",
              AppGetOrCreateRequest.newBuilder()
                  .setAppName(settings.app())
                  .setEnvironmentName(settings.environment())
                  .setObjectCreationType(ObjectCreationType.OBJECT_CREATION_TYPE_CREATE_IF_MISSING)
                  .build(),
              AppGetOrCreateResponse.parser())
          .getAppId();
    } catch (GrpcException e) {
      if (e.status() == GrpcStatus.NOT_FOUND) {
        throw unknownEnvironment(e);
      }
      throw e;
    }
  }

  private String findBuilder() throws GrpcException, InterruptedException {
    try {
      return modal
          .call(
              "EnvironmentGetOrCreate",
              EnvironmentGetOrCreateRequest.newBuilder()
                  .setDeploymentName(modal.settings().environment())
                  .build(),
              EnvironmentGetOrCreateResponse.parser())
          .getMetadata()
          .getSettings()
          .getImageBuilderVersion();
    } catch (GrpcException e) {
      if (e.status() == GrpcStatus.NOT_FOUND) {
        throw unknownEnvironment(e);
      }
      throw e;
    }
  }

  private AgentRuntimeException unknownEnvironment(GrpcException cause) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION,
        "Modal has no environment '"
            + modal.settings().environment()
            + "'; check MODAL_ENVIRONMENT ("
            + cause.getMessage()
            + ")",
        cause);
  }
}
