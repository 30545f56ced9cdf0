// SPDX-License-Identifier: MIT

/**
 * The Docker sandbox provider: containers, programs in them, their files, and the image they start
 * from; how a process keeps its streams is the spool's business.
 */
@NullMarked
package io.agentruntime.sandbox.docker;

import org.jspecify.annotations.NullMarked;
