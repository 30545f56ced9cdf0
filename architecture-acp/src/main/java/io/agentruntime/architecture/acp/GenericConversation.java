// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.acp.AcpConversation;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import io.agentruntime.model.event.SessionEvent.Unknown;
import io.agentruntime.spi.architecture.ProtocolStart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as the protocol alone tells it. The protocol has no ids for texts, thoughts and
 * plans: theirs are made of the process, the turn and their place in it. Confined to its protocol.
 */
final class GenericConversation implements AcpConversation {
  private static final int MAX_UNKNOWN = 8 << 10;

  private final Totals totals;
  private final Tools tools = new Tools();
  private final int incarnation;
  private String turn = "turn";
  private int pieces;
  private @Nullable Piece piece;
  private Block.@Nullable SystemNote plan;

  GenericConversation(ProtocolStart start) {
    totals = new Totals(start.metadata(), start.snapshot());
    incarnation = start.incarnation();
  }

  @Override
  public void opened(boolean continued) {
    totals.opened(continued);
  }

  @Override
  public void turnStarted(long number) {
    turn = "turn-" + incarnation + "-" + number;
    pieces = 0;
    piece = null;
    plan = null;
    tools.turnStarted(turn);
  }

  @Override
  public void update(JsonNode update, Emitter out) {
    String kind = Json.textOr(update, "sessionUpdate", "");
    switch (kind) {
      case "agent_message_chunk" -> chunk(update, false, out);
      case "agent_thought_chunk" -> chunk(update, true, out);
      case "tool_call" -> {
        endPiece(out);
        tools.called(update, out);
      }
      case "tool_call_update" -> {
        endPiece(out);
        tools.updated(update, out);
      }
      case "plan" -> plan(update, out);
      case "current_mode_update" -> mode(Json.textOr(update, "currentModeId", ""), out);
      case "usage_update" -> totals.spent(update, out);
      case "user_message_chunk",
          "available_commands_update",
          "config_option_update",
          "session_info_update" -> {
        // The user's own words, and what the program has on offer for a client of its own kind.
      }
      default -> unknown(kind, update, out);
    }
  }

  private static void unknown(String kind, JsonNode update, Emitter out) {
    String raw = update.toString();
    out.main(
        new Unknown(
            "update:" + (kind.length() <= 100 ? kind : kind.substring(0, 100)),
            raw.length() <= MAX_UNKNOWN
                ? Map.of("update", raw)
                : Map.of("update", raw.substring(0, MAX_UNKNOWN), "length", raw.length())));
  }

  private void chunk(JsonNode update, boolean thought, Emitter out) {
    JsonNode content = update.path("content");
    if (!Json.textOr(content, "type", "text").equals("text")) {
      unknown(Json.textOr(update, "sessionUpdate", ""), update, out);
      return;
    }
    String text = Json.textOr(content, "text", "");
    if (text.isEmpty()) {
      return;
    }
    String message = Json.textOr(update, "messageId", "");
    if (piece != null && !piece.goesOn(thought, message)) {
      endPiece(out);
    }
    if (piece == null) {
      String id = turn + "-" + ++pieces + (thought ? "-thinking" : "-text");
      piece = new Piece(id, thought, message, totals.model());
    }
    piece.add(text, out);
  }

  private void endPiece(Emitter out) {
    if (piece != null) {
      piece.end(out);
      piece = null;
    }
  }

  private void plan(JsonNode update, Emitter out) {
    List<Object> entries = new ArrayList<>();
    int done = 0;
    for (JsonNode entry : update.path("entries")) {
      entries.add(Json.map(entry));
      done += Json.textOr(entry, "status", "").equals("completed") ? 1 : 0;
    }
    boolean first = plan == null;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("entries", entries);
    plan =
        new Block.SystemNote(
            BlockHeader.pending(turn + "-plan"),
            "plan",
            done + " of " + entries.size() + " steps are done",
            details);
    out.main(first ? new BlockStarted(plan) : new BlockUpdated(plan));
  }

  private void mode(String mode, Emitter out) {
    if (!mode.isEmpty()) {
      out.main(
          new BlockCompleted(
              new Block.SystemNote(
                  BlockHeader.complete(turn + "-" + ++pieces + "-mode"),
                  "mode",
                  "The agent is in mode " + mode,
                  Map.of("mode", mode))));
    }
  }

  @Override
  public String toolAsked(JsonNode toolCall, Emitter out) {
    endPiece(out);
    return tools.asked(toolCall, out);
  }

  @Override
  public void toolRefused(String toolCallId) {
    // The program tells how the tool ended; one that does not leaves that to the turn's end.
  }

  @Override
  public boolean extension(String method, JsonNode parameters, boolean inTurn, Emitter out) {
    // Names with an underscore are the program's own; none of them is for every client.
    return method.startsWith("_") || method.startsWith("$/");
  }

  @Override
  public void turnEnded(@Nullable JsonNode result, Emitter out) {
    boolean whole = result != null && !Json.textOr(result, "stopReason", "").equals("cancelled");
    if (whole) {
      endPiece(out);
      if (plan != null) {
        out.main(new BlockCompleted(plan.withHeader(BlockHeader.complete(plan.id().value()))));
      }
    }
    // Of a turn that was cut off, the core marks what is open.
    piece = null;
    plan = null;
    tools.turnEnded();
    if (result != null) {
      totals.used(result, out);
    }
  }

  @Override
  public void snapshot(Map<String, Object> into) {
    totals.snapshot(into);
  }
}
