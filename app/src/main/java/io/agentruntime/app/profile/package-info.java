// SPDX-License-Identifier: MIT

/** Agent profiles that lie in files. What a profile means is said by the model. */
@NullMarked
package io.agentruntime.app.profile;

import org.jspecify.annotations.NullMarked;
