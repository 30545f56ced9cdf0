// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.rest.view.FileReply;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.session.SandboxState;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of a stream beside an event itself to show the event.
 *
 * @param repeatedDiscovery whether the event tells of a subagent that was told of before
 * @param heldBack whether the event is about the block of a subagent that was not told of yet,
 *     which unified clients must not see before
 * @param subagentBlock the held back block of the subagent that the event tells of, if any
 * @param sandboxChange the sandbox's state when the event says that its status or message changed
 * @param userText what the user said whose turn begins, if it is known
 * @param file the file that the event is about, with its text
 */
record EventContext(
    boolean repeatedDiscovery,
    boolean heldBack,
    Block.@Nullable Subagent subagentBlock,
    @Nullable SandboxState sandboxChange,
    @Nullable String userText,
    @Nullable FileReply file) {
  /** Nothing beside the event. */
  static final EventContext NONE = new EventContext(false, false, null, null, null, null);

  EventContext with(@Nullable FileReply shown) {
    return new EventContext(
        repeatedDiscovery, heldBack, subagentBlock, sandboxChange, userText, shown);
  }
}
