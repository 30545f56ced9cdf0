// SPDX-License-Identifier: MIT

/** Sandboxes in Modal's cloud: its protocol and the provider. The wire messages are generated. */
@NullMarked
package io.agentruntime.sandbox.modal;

import org.jspecify.annotations.NullMarked;
