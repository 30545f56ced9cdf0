// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.scriptedmodel.http.HttpResponder;
import io.agentruntime.scriptedmodel.play.Beat;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Plays one reply as a single JSON body; pauses are waited for before it. Used once, by one thread.
 */
final class WholeMessage {

  private final Messages messages;
  private final HttpResponder responder;
  private final ObjectNode body;
  private final ArrayNode content;
  private int codePoints;

  WholeMessage(Messages messages, HttpResponder responder) {
    this.messages = messages;
    this.responder = responder;
    this.body = messages.skeleton();
    this.content = body.withArray("content");
  }

  void play() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Beat beat : messages.reply().beats()) {
      switch (beat) {
        case Beat.Text piece -> text.append(joined(piece.chunks(), piece.gap()));
        case Beat.EndText end -> endText(text);
        case Beat.Thinking thinking -> {
          endText(text);
          String all = joined(thinking.chunks(), thinking.gap());
          content
              .addObject()
              .put("type", "thinking")
              .put("thinking", all)
              .put("signature", messages.signature(all));
        }
        case Beat.ToolUse use -> {
          endText(text);
          ObjectNode block = EventStream.toolUseBlock(messages, content.size(), use.name());
          ObjectNode input = Messages.object(use.input());
          block.set("input", input);
          codePoints += input.toString().length();
          content.add(block);
        }
        case Beat.Wait wait -> responder.pause(wait.duration());
        case Beat.Fault fault -> {
          AnthropicWire.sendError(ApiError.of(fault.status()), messages.requestId(), responder);
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
    endText(text);
    body.put("stop_reason", messages.stopReason());
    body.set("usage", messages.usage(Math.max(1, Messages.tokens(codePoints))));
    AnthropicWire.sendJson(200, Map.of("request-id", messages.requestId()), body, responder);
  }

  private void endText(StringBuilder text) {
    if (!text.isEmpty()) {
      content.addObject().put("type", "text").put("text", text.toString());
      text.setLength(0);
    }
  }

  private String joined(Iterable<String> chunks, Duration gap) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String chunk : chunks) {
      responder.pause(gap);
      all.append(chunk);
    }
    codePoints += all.codePointCount(0, all.length());
    return all.toString();
  }
}
