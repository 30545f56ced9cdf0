// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.scriptedmodel.http.HttpResponder;
import io.agentruntime.scriptedmodel.play.Beat;
import io.agentruntime.scriptedmodel.wire.WireJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * Plays one reply as server-sent events. Used once, by one thread. Ends of text blocks do not show:
 * this API has one text in a message.
 */
final class CompletionStream {

  /**
   * Clients drop what they have not read yet when a connection breaks or an error arrives; so they
   * get a moment to read what came before.
   */
  private static final Duration BEFORE_BREAK = Duration.ofMillis(150);

  private final Completions completions;
  private final HttpResponder responder;
  private boolean started;
  private int calls;
  private int textCodePoints;
  private int thoughtCodePoints;

  CompletionStream(Completions completions, HttpResponder responder) {
    this.completions = completions;
    this.responder = responder;
  }

  /** Plays all beats; returns when the answer is complete or broken off as the script wants. */
  void play() throws IOException {
    for (Beat beat : completions.reply().beats()) {
      boolean over =
          switch (beat) {
            case Beat.Text text -> text(text);
            case Beat.EndText end -> false;
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
    for (String chunk : text.chunks()) {
      pause(text.gap());
      textCodePoints += chunk.codePointCount(0, chunk.length());
      delta(Completions.object().put("content", chunk));
    }
    return false;
  }

  private boolean thinking(Beat.Thinking thinking) throws IOException {
    for (String chunk : thinking.chunks()) {
      pause(thinking.gap());
      thoughtCodePoints += chunk.codePointCount(0, chunk.length());
      delta(Completions.object().put("reasoning_content", chunk));
    }
    return false;
  }

  private boolean toolUse(Beat.ToolUse use) throws IOException {
    int index = calls++;
    ObjectNode first = completions.call(use.name(), index);
    ((ObjectNode) first.path("function")).put("arguments", "");
    call(index, first);
    String written = WireJson.MAPPER.valueToTree(use.input()).toString();
    for (String chunk : use.chunks(written)) {
      pause(use.gap());
      textCodePoints += chunk.codePointCount(0, chunk.length());
      ObjectNode piece = Completions.object();
      piece.putObject("function").put("arguments", chunk);
      call(index, piece);
    }
    return false;
  }

  private void call(int index, ObjectNode piece) throws IOException {
    ObjectNode delta = Completions.object();
    ObjectNode call = delta.putArray("tool_calls").addObject().put("index", index);
    call.setAll(piece);
    delta(delta);
  }

  private boolean pause(Duration duration) throws IOException {
    if (duration.isPositive()) {
      responder.flush();
      responder.pause(duration);
    }
    return false;
  }

  private boolean fault(int status) throws IOException {
    OpenAiError error = OpenAiError.of(status);
    if (!started) {
      OpenAiWire.send(error, responder);
    } else {
      pause(BEFORE_BREAK);
      send(error.body());
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

  private void end() throws IOException {
    start();
    ObjectNode last = completions.frame("chat.completion.chunk");
    ObjectNode choice = last.putArray("choices").addObject().put("index", 0);
    choice.putObject("delta");
    choice.put("finish_reason", completions.finishReason());
    send(last);
    if (completions.request().wantsUsage()) {
      ObjectNode usage = completions.frame("chat.completion.chunk");
      usage.putArray("choices");
      usage.set("usage", completions.usage(textCodePoints, thoughtCodePoints));
      send(usage);
    }
    write("[DONE]".getBytes(StandardCharsets.US_ASCII));
    responder.finish();
  }

  private void start() throws IOException {
    if (started) {
      return;
    }
    started = true;
    responder.startStream(
        200,
        Map.of("content-type", "text/event-stream; charset=utf-8", "cache-control", "no-cache"));
    delta(Completions.object().put("role", "assistant").put("content", ""));
  }

  private void delta(ObjectNode delta) throws IOException {
    start();
    ObjectNode piece = completions.frame("chat.completion.chunk");
    ObjectNode choice = piece.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("finish_reason");
    send(piece);
  }

  private void send(ObjectNode data) throws IOException {
    write(Completions.bytes(data));
  }

  private void write(byte[] data) throws IOException {
    ByteArrayOutputStream event = new ByteArrayOutputStream(data.length + 8);
    event.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
    event.writeBytes(data);
    event.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
    responder.write(event.toByteArray());
  }
}
