/** The scripted model server. */
@NullMarked
package io.agentruntime.scriptedmodel;

import org.jspecify.annotations.NullMarked;
