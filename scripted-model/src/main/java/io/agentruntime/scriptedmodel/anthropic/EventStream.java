// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.scriptedmodel.http.HttpResponder;
import io.agentruntime.scriptedmodel.play.Beat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plays one reply as server-sent events. Used once, by one thread. */
final class EventStream {

  private static final Duration PING_INTERVAL = Duration.ofSeconds(10);

  /**
   * Clients drop what they have not read yet when a connection breaks or an error arrives; so they
   * get a moment to read what came before.
   */
  private static final Duration BEFORE_BREAK = Duration.ofMillis(150);

  private final Messages messages;
  private final HttpResponder responder;
  private boolean started;
  private int index = -1;
  private boolean textOpen;
  private int codePoints;

  EventStream(Messages messages, HttpResponder responder) {
    this.messages = messages;
    this.responder = responder;
  }

  /** Plays all beats; returns when the answer is complete or broken off as the script wants. */
  void play() throws IOException {
    for (Beat beat : messages.reply().beats()) {
      boolean over =
          switch (beat) {
            case Beat.Text text -> text(text);
            case Beat.EndText end -> endText();
            case Beat.Thinking thinking -> thinking(thinking);
            case Beat.ToolUse use -> toolUse(use);
            case Beat.Wait wait -> pause(wait.duration());
            case Beat.Fault fault -> fault(fault.status());
            case Beat.Cut cut -> cut();
            case Beat.Hang hang -> hang();
          };
      if (over) {
        return;
      }
    }
    end();
  }

  private boolean text(Beat.Text text) throws IOException {
    start();
    if (!textOpen) {
      startBlock(Messages.object().put("type", "text").put("text", ""));
      textOpen = true;
    }
    deltas("text_delta", "text", text.chunks(), text.gap());
    return false;
  }

  private boolean endText() throws IOException {
    stopText();
    return false;
  }

  private boolean thinking(Beat.Thinking thinking) throws IOException {
    startBlock(Messages.object().put("type", "thinking").put("thinking", "").put("signature", ""));
    deltas("thinking_delta", "thinking", thinking.chunks(), thinking.gap());
    String signature = messages.signature(String.join("", thinking.chunks()));
    delta(Messages.object().put("type", "signature_delta").put("signature", signature));
    stopBlock();
    return false;
  }

  private boolean toolUse(Beat.ToolUse use) throws IOException {
    startBlock(toolUseBlock(messages, index + 1, use.name()));
    String input = new String(Messages.bytes(Messages.object(use.input())), StandardCharsets.UTF_8);
    deltas("input_json_delta", "partial_json", List.of(""), Duration.ZERO);
    deltas("input_json_delta", "partial_json", use.chunks(input), use.gap());
    stopBlock();
    return false;
  }

  static ObjectNode toolUseBlock(Messages messages, int index, String name) {
    ObjectNode block = Messages.object().put("type", "tool_use");
    block.put("id", messages.toolUseId(index)).put("name", name).putObject("input");
    return block;
  }

  private void deltas(String type, String field, Iterable<String> chunks, Duration gap)
      throws IOException {
    for (String chunk : chunks) {
      pause(gap);
      delta(Messages.object().put("type", type).put(field, chunk));
      codePoints += chunk.codePointCount(0, chunk.length());
    }
  }

  /**
   * Before the first event nothing is sent meanwhile; afterwards a long silence is broken by pings.
   */
  private boolean pause(Duration duration) throws IOException {
    Duration left = duration;
    while (left.isPositive()) {
      responder.flush();
      Duration slice = left.compareTo(PING_INTERVAL) > 0 ? PING_INTERVAL : left;
      responder.pause(slice);
      left = left.minus(slice);
      if (started && left.isPositive()) {
        ping();
      }
    }
    return false;
  }

  private boolean fault(int status) throws IOException {
    ApiError error = ApiError.of(status);
    if (!started) {
      AnthropicWire.sendError(error, messages.requestId(), responder);
    } else {
      pause(BEFORE_BREAK);
      send("error", error.body(messages.requestId()));
      responder.finish();
    }
    return true;
  }

  private boolean cut() throws IOException {
    start();
    pause(BEFORE_BREAK);
    responder.abort();
    return true;
  }

  private boolean hang() throws IOException {
    responder.flush();
    responder.awaitClientGone();
    return true;
  }

  private void start() throws IOException {
    if (started) {
      return;
    }
    started = true;
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "text/event-stream; charset=utf-8");
    headers.put("cache-control", "no-cache");
    headers.put("request-id", messages.requestId());
    responder.startStream(200, headers);
    ObjectNode event = Messages.object().put("type", "message_start");
    event.set("message", messages.skeleton());
    send("message_start", event);
  }

  private void startBlock(ObjectNode block) throws IOException {
    start();
    stopText();
    index++;
    ObjectNode event = Messages.object().put("type", "content_block_start").put("index", index);
    event.set("content_block", block);
    send("content_block_start", event);
    if (index == 0) {
      ping();
    }
  }

  private void delta(ObjectNode delta) throws IOException {
    ObjectNode event = Messages.object().put("type", "content_block_delta").put("index", index);
    event.set("delta", delta);
    send("content_block_delta", event);
  }

  private void stopText() throws IOException {
    if (textOpen) {
      textOpen = false;
      stopBlock();
    }
  }

  private void stopBlock() throws IOException {
    send(
        "content_block_stop",
        Messages.object().put("type", "content_block_stop").put("index", index));
    responder.flush();
  }

  private void end() throws IOException {
    start();
    stopText();
    ObjectNode event = Messages.object().put("type", "message_delta");
    event.putObject("delta").put("stop_reason", messages.stopReason()).putNull("stop_sequence");
    event.set("usage", messages.usage(Math.max(1, Messages.tokens(codePoints))));
    send("message_delta", event);
    send("message_stop", Messages.object().put("type", "message_stop"));
    responder.finish();
  }

  private void ping() throws IOException {
    send("ping", Messages.object().put("type", "ping"));
  }

  private void send(String name, ObjectNode data) throws IOException {
    ByteArrayOutputStream event = new ByteArrayOutputStream(256);
    event.writeBytes(("event: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
    event.writeBytes(Messages.bytes(data));
    event.write('\n');
    event.write('\n');
    responder.write(event.toByteArray());
  }
}
