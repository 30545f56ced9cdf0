// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.protocol;

import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.SessionEvent.StreamEvent;
import java.util.ArrayList;
import java.util.List;

/** Collects the events of one step. Confined to it. */
public final class Emitter {
  private final List<Emission> emissions = new ArrayList<>(2);

  /** An event of a conversation. */
  public void emit(ConversationId conversation, StreamEvent event) {
    emissions.add(new Emission(conversation, event));
  }

  /** An event of the main conversation. */
  public void main(StreamEvent event) {
    emissions.add(Emission.main(event));
  }

  /** What was collected, in order. */
  public List<Emission> emissions() {
    return emissions;
  }
}
