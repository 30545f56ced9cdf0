// SPDX-License-Identifier: MIT

/** Agent profiles: the declarative set-up of an agent, in one shape for all architectures. */
@NullMarked
package io.agentruntime.model.profile;

import org.jspecify.annotations.NullMarked;
