// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import io.agentruntime.app.json.Json;
import io.agentruntime.app.rest.view.EventReply;
import io.agentruntime.app.rest.view.SessionReply;
import io.agentruntime.error.StandardError;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One thing that a client is told: an event of the log, or something about the stream itself.
 *
 * @param name empty for an event of the log, else what it says about the stream
 * @param seq the last event that a client has with it, if that changes
 * @param json one JSON object in UTF-8, in one line; not to be changed
 */
record StreamFrame(Optional<String> name, OptionalLong seq, byte[] json) {
  private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);

  /** An event of the log. */
  static StreamFrame event(EventReply event) {
    return new StreamFrame(Optional.empty(), OptionalLong.of(event.seq()), Json.bytes(event));
  }

  /** The place of the client is not in the log any more: the present state instead. */
  static StreamFrame reset(SessionReply session) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "reset");
    fields.put("seq", session.lastSeq());
    fields.put("session", session);
    return new StreamFrame(
        Optional.of("reset"), OptionalLong.of(session.lastSeq()), Json.bytes(fields));
  }

  /** The store takes nothing: nothing new is told until it does. */
  static StreamFrame storeFailing() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "store-failing");
    fields.put("code", StandardError.STORE_UNAVAILABLE.name());
    fields.put(
        "error",
        "The store cannot be written at present; nothing is lost, and what happens is told once it"
            + " can");
    return new StreamFrame(Optional.of("store-failing"), OptionalLong.empty(), Json.bytes(fields));
  }

  /** The store works again; what had to wait follows. */
  static StreamFrame storeRecovered() {
    return new StreamFrame(
        Optional.of("store-recovered"),
        OptionalLong.empty(),
        Json.bytes(Map.of("type", "store-recovered")));
  }

  /** The stream ends here. */
  static StreamFrame end(StreamEnd end) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "end");
    fields.put("code", end.code().name());
    fields.put("error", end.text());
    fields.put("retryable", end.code().retryable());
    return new StreamFrame(Optional.of("end"), OptionalLong.empty(), Json.bytes(fields));
  }

  /** Adds it as one message of a stream of server-sent events. */
  void appendTo(SseChunk chunk) {
    seq.ifPresent(number -> chunk.line(ID, Long.toString(number)));
    name.ifPresent(text -> chunk.line(EVENT, text));
    chunk.line(DATA, json);
    chunk.blank();
  }
}
