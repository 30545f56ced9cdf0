// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.scriptedmodel.http.HttpResponder;
import io.agentruntime.scriptedmodel.play.Beat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * Plays one reply, as server-sent events or as a single JSON body. Used once, by one thread.
 *
 * <p>This API streams texts only: thoughts and calls come whole, after the pauses of all their
 * pieces, and ends of text blocks do not show.
 */
final class Performance {

  /**
   * Clients drop what they have not read yet when a connection breaks or an error arrives; so they
   * get a moment to read what came before.
   */
  private static final Duration BEFORE_BREAK = Duration.ofMillis(150);

  private final Candidates candidates;
  private final HttpResponder responder;
  private final boolean streaming;
  private final ObjectNode whole;
  private boolean started;
  private int calls;
  private int textCodePoints;
  private int thoughtCodePoints;

  Performance(Candidates candidates, HttpResponder responder, boolean streaming) {
    this.candidates = candidates;
    this.responder = responder;
    this.streaming = streaming;
    this.whole = candidates.answer();
  }

  /** Plays all beats; returns when the answer is complete or broken off as the script wants. */
  void play() throws IOException {
    for (Beat beat : candidates.reply().beats()) {
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
    if (!streaming) {
      String all = joined(text.chunks(), text.gap());
      textCodePoints += codePoints(all);
      return part(Candidates.text(all));
    }
    for (String chunk : text.chunks()) {
      pause(text.gap());
      textCodePoints += codePoints(chunk);
      part(Candidates.text(chunk));
    }
    return false;
  }

  private boolean thinking(Beat.Thinking thinking) throws IOException {
    String all = joined(thinking.chunks(), thinking.gap());
    thoughtCodePoints += codePoints(all);
    return part(Candidates.thought(all));
  }

  private boolean toolUse(Beat.ToolUse use) throws IOException {
    ObjectNode call = candidates.call(use, calls++);
    String written = call.path("functionCall").path("args").toString();
    joined(use.chunks(written), use.gap());
    textCodePoints += codePoints(written);
    return part(call);
  }

  private String joined(Iterable<String> chunks, Duration gap) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String chunk : chunks) {
      pause(gap);
      all.append(chunk);
    }
    return all.toString();
  }

  private static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Adds a part to the answer; a stream gets a piece with this part alone. */
  private boolean part(ObjectNode part) throws IOException {
    if (!streaming) {
      ArrayNode parts = Candidates.parts(whole);
      parts.add(part);
      return false;
    }
    ObjectNode piece = candidates.answer();
    Candidates.parts(piece).add(part);
    send(piece);
    return false;
  }

  private boolean pause(Duration duration) throws IOException {
    if (duration.isPositive()) {
      responder.flush();
      responder.pause(duration);
    }
    return false;
  }

  private boolean fault(int status) throws IOException {
    GeminiError error = GeminiError.of(status);
    if (!started) {
      GeminiWire.send(error, responder);
    } else {
      pause(BEFORE_BREAK);
      send(error.body());
      responder.finish();
    }
    return true;
  }

  private boolean cut() throws IOException {
    if (streaming) {
      start();
      pause(BEFORE_BREAK);
    }
    responder.abort();
    return true;
  }

  private boolean hang() throws IOException {
    responder.flush();
    responder.awaitClientGone();
    return true;
  }

  private void end() throws IOException {
    if (!streaming) {
      candidates.end(whole, textCodePoints, thoughtCodePoints);
      GeminiWire.send(200, whole, responder);
      return;
    }
    ObjectNode last = candidates.answer();
    if (calls == 0) {
      Candidates.parts(last).add(Candidates.text(""));
    }
    candidates.end(last, textCodePoints, thoughtCodePoints);
    send(last);
    responder.finish();
  }

  private void start() throws IOException {
    if (!started) {
      started = true;
      responder.startStream(
          200,
          Map.of("content-type", "text/event-stream; charset=utf-8", "cache-control", "no-cache"));
    }
  }

  private void send(ObjectNode data) throws IOException {
    start();
    ByteArrayOutputStream event = new ByteArrayOutputStream(256);
    event.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
    event.writeBytes(Candidates.bytes(data));
    event.writeBytes("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    responder.write(event.toByteArray());
  }
}
