/** The Docker sandbox provider. */
@NullMarked
package io.agentruntime.sandbox.docker;

import org.jspecify.annotations.NullMarked;
