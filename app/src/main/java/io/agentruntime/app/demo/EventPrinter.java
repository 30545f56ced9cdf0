// SPDX-License-Identifier: MIT

package io.agentruntime.app.demo;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SandboxState;
import io.agentruntime.model.turn.Usage;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Prints a session's events for people as they come. Confined to one thread. */
final class EventPrinter {
  private final PrintStream out;
  private final Set<BlockId> streamed = new HashSet<>();
  private @Nullable BlockId open;
  private @Nullable String lastStatus;

  EventPrinter(PrintStream out) {
    this.out = out;
  }

  void print(EventEnvelope envelope) {
    switch (envelope.event()) {
      case SessionEvent.StatusChanged e -> status(e.state().sandbox());
      case SessionEvent.BlockDelta e when e.field() == DeltaField.TEXT && open(e.blockId()) -> {
        out.print(e.text());
        out.flush();
      }
      case SessionEvent.BlockStarted e -> started(e.block());
      case SessionEvent.BlockCompleted e -> completed(e.block());
      case SessionEvent.FileCreated e ->
          line("file created", e.file().path() + " (" + e.file().size() + " bytes)");
      case SessionEvent.FileModified e ->
          line("file modified", e.file().path() + " (" + e.file().size() + " bytes)");
      case SessionEvent.FileDeleted e -> line("file deleted", e.path().value());
      case SessionEvent.ErrorRaised e -> line("error", e.code() + ": " + e.message());
      case SessionEvent.MetadataUpdated e when e.metadata().costUsd() != null ->
          usage(e.metadata());
      case SessionEvent.TurnCompleted e ->
          line("turn", "completed in " + e.durationMillis() + " ms");
      case SessionEvent.TurnFailed e -> line("turn", "failed");
      default -> {
        // Of no interest to somebody who watches.
      }
    }
  }

  private void started(Block block) {
    switch (block) {
      case Block.Thinking b -> begin("thinking", b.id());
      case Block.AssistantText b -> begin("text", b.id());
      default -> {
        // Printed when it is complete.
      }
    }
  }

  private void completed(Block block) {
    boolean wasStreamed = streamed.remove(block.id());
    if (wasStreamed) {
      end();
      return;
    }
    switch (block) {
      case Block.UserMessage b -> line("you", b.content().plainText());
      case Block.AssistantText b -> line("text", b.text());
      case Block.Thinking b -> line("thinking", b.text());
      case Block.ToolUse b -> line("tool use", b.toolName() + " " + b.input());
      case Block.ToolResult b -> line(b.failed() ? "tool failed" : "tool result", b.output());
      case Block.Subagent b -> line("subagent", String.valueOf(b.output()));
      case Block.Failure b -> line("error", b.message());
      default -> {
        // Notes of the program about itself.
      }
    }
  }

  private void status(@Nullable SandboxState sandbox) {
    String message = sandbox == null ? null : sandbox.message();
    if (message != null && !message.equals(lastStatus)) {
      lastStatus = message;
      line("sandbox", message);
    }
  }

  private static String dollars(@Nullable BigDecimal cost) {
    return cost == null ? "unknown" : "$" + cost.setScale(4, RoundingMode.HALF_UP).toPlainString();
  }

  private void usage(ConversationMetadata metadata) {
    Usage usage = metadata.usage() == null ? Usage.NONE : metadata.usage();
    line(
        "usage",
        usage.inputTokens()
            + " tokens in, "
            + usage.outputTokens()
            + " out, "
            + dollars(metadata.costUsd())
            + ", model "
            + metadata.model());
  }

  private boolean open(BlockId id) {
    return id.equals(open);
  }

  private void begin(String label, BlockId id) {
    end();
    open = id;
    streamed.add(id);
    out.printf("%-13s ", label);
    out.flush();
  }

  private void end() {
    if (open != null) {
      out.println();
      open = null;
    }
  }

  private void line(String label, String text) {
    end();
    out.printf("%-13s %s%n", label, text.strip().replace("\n", "\n              "));
  }
}
