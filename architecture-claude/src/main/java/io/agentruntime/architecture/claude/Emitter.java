// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.SessionEvent.StreamEvent;
import java.util.ArrayList;
import java.util.List;

/** Collects the events of one step. Confined to it. */
final class Emitter {
  private final List<Emission> emissions = new ArrayList<>(2);

  void emit(ConversationId conversation, StreamEvent event) {
    emissions.add(new Emission(conversation, event));
  }

  void main(StreamEvent event) {
    emissions.add(Emission.main(event));
  }

  List<Emission> emissions() {
    return emissions;
  }
}
