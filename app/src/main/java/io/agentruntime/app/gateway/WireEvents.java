// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.rest.view.FileReply;
import io.agentruntime.app.rest.view.FileTexts;
import io.agentruntime.core.session.Session;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent.FileCreated;
import io.agentruntime.model.event.SessionEvent.FileModified;
import io.agentruntime.model.workspace.WorkspaceFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one place where events of the log become events of the wire: canonical to flat and unified.
 * The table is in {@code docs/events.md}, and a test holds both together.
 *
 * <p>One stream of one session: confined to one thread, events in order.
 */
final class WireEvents {
  private final StreamMemory memory;
  private final FileTexts texts;

  /**
   * Begins a stream.
   *
   * @param memory what is known of the events before
   * @param texts reads the text of files for the events that tell of them
   */
  WireEvents(StreamMemory memory, FileTexts texts) {
    this.memory = memory;
    this.texts = texts;
  }

  /** An event with what is needed to show it in any dialect, whenever that is. */
  record Shown(EventEnvelope envelope, EventContext context) {
    /** As clients of a dialect see it: nothing, or some events in order. */
    List<WireEvent> in(Dialect dialect) {
      return switch (dialect) {
        case FLAT -> FlatEvents.of(envelope, context);
        case UNIFIED -> UnifiedEvents.of(envelope, context);
      };
    }
  }

  /** Takes the next event. Reads a file's text from the store where the event tells of one. */
  Shown take(Session session, EventEnvelope envelope) throws InterruptedException {
    return new Shown(envelope, memory.take(envelope).with(file(session, envelope)));
  }

  private @Nullable FileReply file(Session session, EventEnvelope envelope)
      throws InterruptedException {
    WorkspaceFile file =
        switch (envelope.event()) {
          case FileCreated e -> e.file();
          case FileModified e -> e.file();
          default -> null;
        };
    return file == null ? null : texts.show(session, file);
  }
}
