// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.acp.AcpConversation;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.architecture.support.protocol.SafeIds;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.spi.architecture.ProtocolStart;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Joins what the program tells on the wire with what it records: text and thoughts as they come
 * from the wire, arguments, answers, tokens and subagents from the records.
 *
 * <p>A record may be read before lines that were written earlier, never after lines that were
 * written later. So records wait, in order, until the wire has told of what they are about, at the
 * latest until the turn ends. Confined to its protocol.
 */
final class GeminiConversation implements AcpConversation {
  static final String RECORD = "_agent-runtime/record";
  static final String MODE_NOTE = "[MODE_UPDATE] ";

  private static final String NO_SUBJECT = "****\n";
  private static final String MAIN_FILE = "main";

  private final Totals totals;
  private final Subagents subagents;
  private final Lane main;
  private final int incarnation;
  private final Deque<ChatRecord> waiting = new ArrayDeque<>();

  GeminiConversation(ProtocolStart start) {
    totals = new Totals(start.metadata(), start.snapshot());
    subagents = new Subagents(totals);
    main = new Lane(ConversationId.MAIN, "turn", false, totals, subagents);
    incarnation = start.incarnation();
  }

  @Override
  public void turnStarted(long turn) {
    main.turnStarted("turn-" + incarnation + "-" + turn);
  }

  @Override
  public void update(JsonNode update, Emitter out) {
    switch (Json.textOr(update, "sessionUpdate", "")) {
      case "agent_message_chunk" -> {
        String text = Json.textOr(update.path("content"), "text", "");
        if (!text.isEmpty() && !text.startsWith(MODE_NOTE)) {
          main.text(text, out);
        }
      }
      case "agent_thought_chunk" -> {
        String thought = Json.textOr(update.path("content"), "text", "");
        main.thought(
            thought.startsWith(NO_SUBJECT) ? thought.substring(NO_SUBJECT.length()) : thought, out);
      }
      case "tool_call" -> toolAsked(update, out);
      case "tool_call_update" -> toolUpdate(update, out);
      default -> {
        // Commands and modes on offer, and the user's own words.
      }
    }
    applyDue(out);
  }

  private void toolUpdate(JsonNode update, Emitter out) {
    String status = Json.textOr(update, "status", "");
    if (!status.equals("completed") && !status.equals("failed")) {
      return;
    }
    // A tool that cannot even begin is told of only by its end.
    toolAsked(update, out);
    main.tools().finished(toolId(update), update);
  }

  @Override
  public String toolAsked(JsonNode toolCall, Emitter out) {
    String id = toolId(toolCall);
    String name = ToolCalls.nameOf(id);
    main.toolStarted(id, name, Json.textOr(toolCall, "title", name), out);
    return name;
  }

  private static String toolId(JsonNode toolCall) {
    return SafeIds.of(Json.textOr(toolCall, "toolCallId", "unknown"));
  }

  @Override
  public void toolRefused(String toolCallId) {
    main.tools().refused(toolCallId);
  }

  @Override
  public boolean extension(String method, JsonNode parameters, boolean inTurn, Emitter out) {
    if (!method.equals(RECORD)) {
      return false;
    }
    if (inTurn) {
      String file = Json.textOr(parameters, "file", "");
      JsonNode record = parameters.path("record");
      if (file.equals(MAIN_FILE)) {
        ChatRecord.of(record).ifPresent(waiting::addLast);
        applyDue(out);
      } else {
        subagents.record(file, record, out);
      }
    }
    return true;
  }

  private void applyDue(Emitter out) {
    while (!waiting.isEmpty() && isDue(waiting.getFirst())) {
      main.record(waiting.removeFirst(), out);
    }
  }

  /** Whether the wire has told of what a record is about. */
  private boolean isDue(ChatRecord record) {
    for (JsonNode call : record.calls()) {
      if (!main.tools().isFinished(ToolResults.id(call))) {
        return false;
      }
    }
    for (JsonNode answer : record.answers()) {
      String id = ToolResults.id(answer);
      if (main.tools().isKnown(id) ? !main.tools().isFinished(id) : !main.isCaughtUp()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void turnEnded(@Nullable JsonNode result, Emitter out) {
    while (!waiting.isEmpty()) {
      main.record(waiting.removeFirst(), out);
    }
    boolean cancelled = result == null || Json.textOr(result, "stopReason", "").equals("cancelled");
    if (cancelled) {
      main.cutOff();
    }
    main.end(out);
    subagents.turnEnded();
    totals.report(out);
  }

  @Override
  public void snapshot(Map<String, Object> into) {
    totals.snapshot(into);
  }
}
