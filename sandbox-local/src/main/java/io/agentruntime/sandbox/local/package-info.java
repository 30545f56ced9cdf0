/** The local sandbox provider. */
@NullMarked
package io.agentruntime.sandbox.local;

import org.jspecify.annotations.NullMarked;
