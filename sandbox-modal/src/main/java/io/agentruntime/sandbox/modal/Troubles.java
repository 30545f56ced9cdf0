// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.modal.grpc.GrpcException;

/** What failures of Modal's calls are called here. */
final class Troubles {
  private Troubles() {}

  /**
   * The exception for a failed call.
   *
   * @param attempt what was attempted, as a verb
   */
  static AgentRuntimeException of(String attempt, GrpcException failure) {
    StandardError code =
        switch (failure.status()) {
          case UNAUTHENTICATED, PERMISSION_DENIED -> StandardError.CONFIGURATION;
          case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, INTERNAL, UNKNOWN, RESOURCE_EXHAUSTED ->
              StandardError.SANDBOX_UNAVAILABLE;
          default -> StandardError.SANDBOX_FAILED;
        };
    String hint =
        code == StandardError.CONFIGURATION ? "; check MODAL_TOKEN_ID and MODAL_TOKEN_SECRET" : "";
    return new AgentRuntimeException(
        code, "Cannot " + attempt + " at Modal: " + failure.getMessage() + hint, failure);
  }
}
