// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import io.agentruntime.model.event.SessionEvent.MetadataUpdated;
import io.agentruntime.model.event.SessionEvent.PermissionRequested;
import io.agentruntime.model.event.SessionEvent.SubagentDiscovered;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.ArchitectureCapability;
import io.agentruntime.spi.architecture.ProtocolStep;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a recording proves that an architecture can do. Confined to one recording. */
final class ShownCapabilities {
  /** What a stream of events can show; the others show in set-ups and inputs. */
  static final Set<ArchitectureCapability> IN_STREAMS =
      EnumSet.of(
          ArchitectureCapability.TEXT_DELTAS,
          ArchitectureCapability.THINKING_DELTAS,
          ArchitectureCapability.INPUT_DELTAS,
          ArchitectureCapability.TOOL_OUTPUT,
          ArchitectureCapability.LIVE_TOOL_OUTPUT,
          ArchitectureCapability.SUBAGENTS,
          ArchitectureCapability.INTERRUPT,
          ArchitectureCapability.STEER,
          ArchitectureCapability.PERMISSIONS,
          ArchitectureCapability.USAGE,
          ArchitectureCapability.COST);

  private record Key(ConversationId conversation, BlockId id) {}

  private final Set<ArchitectureCapability> shown = EnumSet.noneOf(ArchitectureCapability.class);
  private final Map<Key, Block> begun = new HashMap<>();
  private boolean running;

  private ShownCapabilities() {}

  /** What these inputs of a fresh protocol show. */
  static Set<ArchitectureCapability> of(ProtocolSession session, List<ProtocolInput> inputs) {
    ShownCapabilities shown = new ShownCapabilities();
    inputs.forEach(input -> shown.apply(session, input));
    return shown.shown;
  }

  private void apply(ProtocolSession session, ProtocolInput input) {
    if (input instanceof ProtocolInput.Turn && running) {
      shown.add(ArchitectureCapability.STEER);
    }
    running |= input instanceof ProtocolInput.Turn;
    ProtocolStep step = session.apply(input);
    step.emissions().forEach(this::told);
    if (step.outcome() != null) {
      running = false;
    }
    if (step.outcome() instanceof TurnOutcome.Interrupted) {
      shown.add(ArchitectureCapability.INTERRUPT);
    }
  }

  private void told(Emission emission) {
    switch (emission.event()) {
      case BlockStarted started -> begun.put(key(emission, started.block()), started.block());
      case BlockDelta delta -> grew(emission, delta);
      case BlockUpdated updated -> {
        if (updated.block() instanceof Block.ToolResult result && !result.output().isEmpty()) {
          shown.add(ArchitectureCapability.LIVE_TOOL_OUTPUT);
        }
      }
      case BlockCompleted completed -> {
        if (completed.block() instanceof Block.ToolResult result && !result.output().isBlank()) {
          shown.add(ArchitectureCapability.TOOL_OUTPUT);
        }
      }
      case SubagentDiscovered discovered -> shown.add(ArchitectureCapability.SUBAGENTS);
      case PermissionRequested requested -> shown.add(ArchitectureCapability.PERMISSIONS);
      case MetadataUpdated updated -> {
        if (updated.metadata().usage() != null) {
          shown.add(ArchitectureCapability.USAGE);
        }
        if (updated.metadata().costUsd() != null) {
          shown.add(ArchitectureCapability.COST);
        }
      }
      default -> {
        // The other events belong to no capability.
      }
    }
  }

  private void grew(Emission emission, BlockDelta delta) {
    Block block = begun.get(new Key(emission.conversationId(), delta.blockId()));
    if (delta.field() == DeltaField.INPUT) {
      shown.add(ArchitectureCapability.INPUT_DELTAS);
    } else if (block instanceof Block.Thinking) {
      shown.add(ArchitectureCapability.THINKING_DELTAS);
    } else if (block instanceof Block.ToolResult) {
      shown.add(ArchitectureCapability.LIVE_TOOL_OUTPUT);
    } else {
      shown.add(ArchitectureCapability.TEXT_DELTAS);
    }
  }

  private static Key key(Emission emission, Block block) {
    return new Key(emission.conversationId(), block.id());
  }
}
