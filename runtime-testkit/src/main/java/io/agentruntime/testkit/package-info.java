// SPDX-License-Identifier: MIT

/** Contract suites and fakes for implementors of the SPIs. */
@NullMarked
package io.agentruntime.testkit;

import org.jspecify.annotations.NullMarked;
