// SPDX-License-Identifier: MIT

/**
 * The one place where failures become HTTP replies: status, code and text. Nothing else decides on
 * them, and no stack trace or class name leaves here.
 */
@NullMarked
package io.agentruntime.app.error;

import org.jspecify.annotations.NullMarked;
