/** The assembled server's entry point. */
@NullMarked
package io.agentruntime.app;

import org.jspecify.annotations.NullMarked;
