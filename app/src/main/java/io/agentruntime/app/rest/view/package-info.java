// SPDX-License-Identifier: MIT

/** What clients see of sessions: wire records and how they are made. No routes. */
@NullMarked
package io.agentruntime.app.rest.view;

import org.jspecify.annotations.NullMarked;
