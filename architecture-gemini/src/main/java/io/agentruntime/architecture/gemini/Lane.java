// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.turn.UserContent;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One conversation: of the records alone (a transcript, a subagent), or of a stream that records
 * complete.
 *
 * <p>The program gives no ids to texts and thoughts: a block's id is made of its prompt's record
 * and the number of tools before it, which the stream and the transcript have in common.
 *
 * <p>Confined to its owner.
 */
final class Lane {
  private final ConversationId id;
  private final Totals totals;
  private final ToolCalls tools;
  private final boolean tellsPrompts;
  private final Set<String> seen = new HashSet<>();
  private String prompt;
  private @Nullable Piece thinking;
  private @Nullable Piece text;
  private String lastStreamed = "";
  private String lastThought = "";
  private int thinkings;

  /**
   * @param prompt stands for the prompt's id until its record is known
   * @param tellsPrompts whether prompts become blocks here
   */
  Lane(ConversationId id, String prompt, boolean tellsPrompts, Totals totals, Subagents subagents) {
    this.id = id;
    this.prompt = prompt;
    this.tellsPrompts = tellsPrompts;
    this.totals = totals;
    this.tools = new ToolCalls(id, subagents);
  }

  ToolCalls tools() {
    return tools;
  }

  /** Whether a tool has ended here. */
  boolean hasSeen(String toolId) {
    return seen.contains(toolId);
  }

  /** A turn begins whose prompt's record may never come. */
  void turnStarted(String fallbackPrompt) {
    prompt = fallbackPrompt;
  }

  /** The model writes. */
  void text(String piece, Emitter out) {
    endThinking(out);
    if (text == null) {
      text = new Piece(id, prompt + "-" + tools.count() + "-text", false);
    }
    text.stream(piece, out);
  }

  /** The model has thought. */
  void thought(String piece, Emitter out) {
    if (thinking == null) {
      thinking = newThinking();
    }
    thinking.stream(piece, out);
  }

  private Piece newThinking() {
    // More than one in a message only where the model thinks again after it has spoken.
    String number = thinkings++ == 0 ? "" : "-" + thinkings;
    return new Piece(id, prompt + "-" + tools.count() + "-thinking" + number, true);
  }

  private void endThinking(Emitter out) {
    if (thinking != null) {
      lastThought += thinking.streamed();
      thinking.end(totals.model(), out);
      thinking = null;
    }
  }

  /** Whether everything that was recorded of the present message has been streamed too. */
  boolean isCaughtUp() {
    return (text == null || text.isCaughtUp()) && (thinking == null || thinking.isCaughtUp());
  }

  /** The model's message ends: a tool begins, or the turn is over. */
  void endMessage(Emitter out) {
    lastStreamed = text == null ? "" : text.streamed();
    endThinking(out);
    lastThought = "";
    thinkings = 0;
    if (text != null) {
      text.end(totals.model(), out);
      text = null;
    }
  }

  /** A turn was stopped: what was cut off is left to the core, which completes what is open. */
  void cutOff() {
    if (thinking != null && !thinking.isRecorded()) {
      thinking = null;
    }
    if (text != null && !text.isRecorded()) {
      text = null;
    }
  }

  void toolStarted(String toolId, String name, String title, Emitter out) {
    if (!tools.isKnown(toolId)) {
      endMessage(out);
      tools.started(toolId, name, title, out);
    }
  }

  /** Applies a record. */
  void record(ChatRecord record, Emitter out) {
    boolean first = seen.add(record.id());
    if (record.fromUser()) {
      if (record.isPrompt() && first) {
        prompt(record, out);
      }
      record.answers().forEach(answer -> answered(answer, out));
      return;
    }
    if (first) {
      message(record);
    }
    if (record.tokens().isObject() && seen.add(record.id() + " tokens")) {
      totals.add(record.tokens(), record.model());
    }
    for (JsonNode call : record.calls()) {
      if (!seen.contains(ToolResults.id(call))) {
        called(call, out);
      }
    }
  }

  private void prompt(ChatRecord record, Emitter out) {
    endMessage(out);
    tools.turnEnded(out);
    prompt = record.id();
    if (tellsPrompts) {
      out.emit(
          id,
          new BlockCompleted(
              new Block.UserMessage(
                  BlockHeader.complete(record.id()), new UserContent.Text(record.text()))));
    }
  }

  private void message(ChatRecord record) {
    // Thoughts that were streamed ended with the text that followed them.
    if (!record.thoughts().isEmpty() && lastThought.isEmpty()) {
      if (thinking == null) {
        thinking = newThinking();
      }
      record.thoughts().forEach(thinking::record);
    }
    boolean late =
        text == null && !lastStreamed.isEmpty() && Piece.same(lastStreamed, record.text());
    if (!record.text().isBlank() && !late) {
      if (text == null) {
        text = new Piece(id, prompt + "-" + tools.count() + "-text", false);
      }
      text.record(record.text());
    }
  }

  private void called(JsonNode call, Emitter out) {
    String toolId = ToolResults.id(call);
    seen.add(toolId);
    if (!tools.isKnown(toolId)) {
      endMessage(out);
    }
    tools.recorded(call, out);
  }

  private void answered(JsonNode answer, Emitter out) {
    String toolId = ToolResults.id(answer);
    if (seen.add(toolId)) {
      if (!tools.isKnown(toolId)) {
        endMessage(out);
      }
      tools.answered(answer, out);
    }
  }

  /** The records of a whole conversation were given. */
  void end(Emitter out) {
    endMessage(out);
    tools.turnEnded(out);
  }
}
