// SPDX-License-Identifier: MIT

/**
 * gRPC over the Micronaut HTTP client: calls, frames, statuses; nothing here knows what Modal is.
 */
@NullMarked
package io.agentruntime.sandbox.modal.grpc;

import org.jspecify.annotations.NullMarked;
