// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.protocol.SocketCodec;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Some events of a session in a row, sent as one: a single event, or deltas of one block. Encoded
 * once per dialect, and only in those that somebody listens to. Confined to one thread.
 */
final class Parcel {
  private static final int MAX_DELTA_CHARS = 16_384;

  private final List<WireEvents.Shown> events;
  private final Map<Dialect, List<EncodedPacket>> encoded = new EnumMap<>(Dialect.class);

  private Parcel(List<WireEvents.Shown> events) {
    this.events = List.copyOf(events);
  }

  /** Packs events, neighbouring deltas of one block together. */
  static List<Parcel> pack(List<WireEvents.Shown> events) {
    List<Parcel> parcels = new ArrayList<>();
    List<WireEvents.Shown> run = new ArrayList<>();
    int chars = 0;
    for (WireEvents.Shown event : events) {
      int more = event.envelope().event() instanceof BlockDelta delta ? delta.text().length() : 0;
      if (!run.isEmpty() && (chars + more > MAX_DELTA_CHARS || !continues(run.getLast(), event))) {
        parcels.add(new Parcel(run));
        run.clear();
        chars = 0;
      }
      run.add(event);
      chars += more;
    }
    if (!run.isEmpty()) {
      parcels.add(new Parcel(run));
    }
    return parcels;
  }

  private static boolean continues(WireEvents.Shown before, WireEvents.Shown next) {
    return before.envelope().event() instanceof BlockDelta one
        && next.envelope().event() instanceof BlockDelta other
        && one.blockId().equals(other.blockId())
        && one.field() == other.field()
        && before.envelope().conversationId().equals(next.envelope().conversationId());
  }

  long first() {
    return events.getFirst().envelope().seq();
  }

  long last() {
    return events.getLast().envelope().seq();
  }

  /** The packets for a dialect, the last one with the place in the log after it. */
  List<EncodedPacket> packets(Dialect dialect) {
    return encoded.computeIfAbsent(dialect, d -> encode(merged(events), d));
  }

  /** The packets for somebody who has the events up to some place within this parcel. */
  List<EncodedPacket> packetsAfter(long seq, Dialect dialect) {
    return encode(
        merged(events.stream().filter(event -> event.envelope().seq() > seq).toList()), dialect);
  }

  private static WireEvents.Shown merged(List<WireEvents.Shown> run) {
    WireEvents.Shown last = run.getLast();
    if (run.size() == 1 || !(last.envelope().event() instanceof BlockDelta delta)) {
      return last;
    }
    StringBuilder text = new StringBuilder();
    for (WireEvents.Shown event : run) {
      if (event.envelope().event() instanceof BlockDelta part) {
        text.append(part.text());
      }
    }
    EventEnvelope e = last.envelope();
    return new WireEvents.Shown(
        new EventEnvelope(
            e.schema(),
            e.sessionId(),
            e.seq(),
            e.conversationId(),
            e.turnId(),
            e.indexInTurn(),
            e.at(),
            new BlockDelta(delta.blockId(), delta.field(), text.toString())),
        last.context());
  }

  private static List<EncodedPacket> encode(WireEvents.Shown event, Dialect dialect) {
    return encode(
        event.in(dialect), new Offset(event.envelope().sessionId(), event.envelope().seq()));
  }

  /** Encodes events of the wire; only the last one tells the client how far it has come. */
  static List<EncodedPacket> encode(List<WireEvent> events, Offset offset) {
    List<EncodedPacket> packets = new ArrayList<>(events.size());
    for (int i = 0; i < events.size(); i++) {
      WireEvent event = events.get(i);
      packets.add(
          i == events.size() - 1
              ? SocketCodec.event(event.name(), event.payload(), offset.text())
              : SocketCodec.event(event.name(), event.payload()));
    }
    return packets;
  }
}
