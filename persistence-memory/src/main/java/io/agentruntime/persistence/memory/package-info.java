/** The in-memory persistence provider. */
@NullMarked
package io.agentruntime.persistence.memory;

import org.jspecify.annotations.NullMarked;
