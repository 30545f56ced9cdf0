// SPDX-License-Identifier: MIT

/**
 * What sandbox providers may share to run processes that outlive the server: one shell script, and
 * the commands and answers it knows. How a command gets into a sandbox is the provider's own.
 */
@NullMarked
package io.agentruntime.support.spool;

import org.jspecify.annotations.NullMarked;
