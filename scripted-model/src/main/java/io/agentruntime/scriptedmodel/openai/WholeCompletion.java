// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.scriptedmodel.http.HttpResponder;
import io.agentruntime.scriptedmodel.play.Beat;
import io.agentruntime.scriptedmodel.wire.WireJson;
import java.io.IOException;
import java.time.Duration;

/** Plays one reply as a single JSON body, after all its pauses. Used once, by one thread. */
final class WholeCompletion {

  private final Completions completions;
  private final HttpResponder responder;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thoughts = new StringBuilder();
  private final ArrayNode calls = WireJson.MAPPER.createArrayNode();
  private int callCodePoints;

  WholeCompletion(Completions completions, HttpResponder responder) {
    this.completions = completions;
    this.responder = responder;
  }

  /** Answers, or breaks off as the script wants. */
  void play() throws IOException {
    for (Beat beat : completions.reply().beats()) {
      switch (beat) {
        case Beat.Text piece -> append(text, piece.chunks(), piece.gap());
        case Beat.Thinking piece -> append(thoughts, piece.chunks(), piece.gap());
        case Beat.EndText end -> {
          // A message has one text.
        }
        case Beat.ToolUse use -> call(use);
        case Beat.Wait wait -> responder.pause(wait.duration());
        case Beat.Fault fault -> {
          OpenAiWire.send(OpenAiError.of(fault.status()), responder);
          return;
        }
        case Beat.Cut cut -> {
          responder.abort();
          return;
        }
        case Beat.Hang hang -> {
          responder.awaitClientGone();
          return;
        }
      }
    }
    OpenAiWire.send(200, answer(), responder);
  }

  private void append(StringBuilder to, Iterable<String> chunks, Duration gap) throws IOException {
    for (String chunk : chunks) {
      responder.pause(gap);
      to.append(chunk);
    }
  }

  private void call(Beat.ToolUse use) throws IOException {
    String written = WireJson.MAPPER.valueToTree(use.input()).toString();
    append(new StringBuilder(), use.chunks(written), use.gap());
    callCodePoints += written.codePointCount(0, written.length());
    ObjectNode call = completions.call(use.name(), calls.size());
    ((ObjectNode) call.path("function")).put("arguments", written);
    calls.add(call);
  }

  private ObjectNode answer() {
    ObjectNode message = Completions.object().put("role", "assistant");
    if (text.isEmpty()) {
      message.putNull("content");
    } else {
      message.put("content", text.toString());
    }
    if (!thoughts.isEmpty()) {
      message.put("reasoning_content", thoughts.toString());
    }
    if (!calls.isEmpty()) {
      message.set("tool_calls", calls);
    }
    ObjectNode answer = completions.frame("chat.completion");
    ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
    choice.set("message", message);
    choice.put("finish_reason", completions.finishReason());
    int said = text.codePointCount(0, text.length()) + callCodePoints;
    answer.set("usage", completions.usage(said, thoughts.codePointCount(0, thoughts.length())));
    return answer;
  }
}
