// SPDX-License-Identifier: MIT

/**
 * Sandboxes on this host: processes in a folder and session of their own, behind bubblewrap where
 * it is installed. How processes outlive the server is the spool's, see {@code support.spool}.
 */
@NullMarked
package io.agentruntime.sandbox.local;

import org.jspecify.annotations.NullMarked;
