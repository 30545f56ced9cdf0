// SPDX-License-Identifier: MIT

/** The assembled server's entry point. Its beans exist where {@code agent-runtime.mode} says so. */
@Configuration
@Requires(property = Mode.PROPERTY)
@NullMarked
package io.agentruntime.app;

import io.agentruntime.app.embedding.Mode;
import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
