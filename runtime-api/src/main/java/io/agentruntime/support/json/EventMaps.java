// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.turn.TurnId;
import java.util.Map;

/**
 * Events and their envelopes as JSON-like maps: the stored form, version {@link
 * EventEnvelope#SCHEMA}. Stateless.
 *
 * <p>An envelope is {@code {schema, sessionId, seq, conversationId, turnId?, indexInTurn?, at,
 * type, event}}; {@code type} is the event's name as in {@code docs/events.md}, {@code event} holds
 * its fields. What was ever written stays readable: fields may be added, never renamed, removed or
 * made required.
 *
 * <p>Reading is lenient: unknown fields are ignored, and an unknown type becomes a {@link
 * SessionEvent.Unknown}, as does an event of a newer schema that cannot be read otherwise. An
 * unknown event is always written under the type {@code Unknown}, so that a name which an agent
 * made up can never come back as one of ours.
 */
public final class EventMaps {
  private EventMaps() {}

  /** The envelope with its event; unmodifiable. */
  public static Map<String, Object> write(EventEnvelope envelope) {
    int index = envelope.indexInTurn();
    return new MapWriter()
        .put("schema", envelope.schema())
        .put("sessionId", envelope.sessionId().value())
        .put("seq", envelope.seq())
        .put("conversationId", envelope.conversationId().value())
        .put("turnId", envelope.turnId() == null ? null : envelope.turnId().value())
        .put("indexInTurn", index == EventEnvelope.NOT_PROTOCOL ? null : index)
        .put("at", envelope.at())
        .put("type", typeOf(envelope.event()))
        .put("event", write(envelope.event()))
        .done();
  }

  /** The name under which an event is stored and documented. */
  public static String typeOf(SessionEvent event) {
    return EventWriter.typeOf(event);
  }

  /** An event's fields, without its type; unmodifiable. */
  public static Map<String, Object> write(SessionEvent event) {
    return EventWriter.write(event);
  }

  /**
   * Reads an envelope of any schema.
   *
   * @throws AgentRuntimeException {@code STORE_CORRUPT} naming the field that is missing or wrong
   */
  public static EventEnvelope readEnvelope(Map<String, ?> map) {
    return Stored.read("event", () -> readEnvelope(new Fields("", map)));
  }

  /**
   * Reads an event of the present schema.
   *
   * @param type its name
   * @param fields its fields
   * @throws AgentRuntimeException {@code STORE_CORRUPT} naming the field that is missing or wrong
   */
  public static SessionEvent read(String type, Map<String, ?> fields) {
    return Stored.read("event " + type, () -> EventReader.read(type, new Fields("", fields)));
  }

  private static EventEnvelope readEnvelope(Fields map) {
    int schema = map.smallNumber("schema");
    String type = map.text("type");
    return new EventEnvelope(
        schema,
        map.parsed("sessionId", SessionId::new),
        map.number("seq"),
        map.parsed("conversationId", ConversationId::new),
        map.optionalParsed("turnId", TurnId::new),
        map.has("indexInTurn") ? map.smallNumber("indexInTurn") : EventEnvelope.NOT_PROTOCOL,
        map.instant("at"),
        readEvent(schema, type, map.object("event")));
  }

  private static SessionEvent readEvent(int schema, String type, Fields event) {
    try {
      return EventReader.read(type, event);
    } catch (AgentRuntimeException e) {
      if (schema > EventEnvelope.SCHEMA && e.code() == StandardError.INVALID_ARGUMENT) {
        return new SessionEvent.Unknown(type, event.all());
      }
      throw e;
    }
  }
}
