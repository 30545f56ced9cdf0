// SPDX-License-Identifier: MIT

/** The command that looks whether the server would work on this machine. */
@NullMarked
package io.agentruntime.app.doctor;

import org.jspecify.annotations.NullMarked;
