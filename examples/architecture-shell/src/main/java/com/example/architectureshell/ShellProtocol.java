package com.example.architectureshell;

import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.ErrorRaised;
import io.agentruntime.model.event.SessionEvent.Unknown;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.ProtocolStep;
import io.agentruntime.spi.architecture.TurnInput;
import io.agentruntime.spi.sandbox.ExitStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

// tag::protocol[]
/** Lines in, events out. One thread at a time. */
final class ShellProtocol implements AgentProtocol {
  private final Map<String, Block.ToolUse> running = new HashMap<>();
  private final Set<String> known = new HashSet<>();
  private boolean inTurn;

  ShellProtocol(ProtocolStart start) {
    inTurn = Boolean.TRUE.equals(start.snapshot().get("inTurn"));
  }

  @Override
  public ProtocolStep onTurn(TurnInput input) {
    inTurn = true;
    known.add(input.messageId().value());
    return ProtocolStep.line(
        "turn " + input.messageId() + " " + ShellLine.escape(input.content().plainText()));
  }

  @Override
  public ProtocolStep onStdout(String line) {
    if (line.equals("done")) {
      return end(List.of(), new TurnOutcome.Completed());
    }
    Optional<Block> block = ShellLine.block(line);
    // A block that was told already stays as it was, whatever a second line says of it.
    if (block.isEmpty() || !known.add(block.get().id().value())) {
      return ProtocolStep.of(List.of(Emission.main(new Unknown("line", Map.of("raw", line)))));
    }
    List<Emission> events = new ArrayList<>();
    Block told = block.get();
    if (told instanceof Block.ToolUse tool) {
      running.put(tool.toolUseId(), tool);
      events.add(Emission.main(new BlockStarted(tool)));
      return ProtocolStep.of(events);
    }
    if (told instanceof Block.ToolResult result) {
      Block.ToolUse tool = running.remove(result.toolUseId());
      if (tool != null) {
        events.add(Emission.main(new BlockCompleted(ended(tool, result))));
      }
    }
    events.add(
        Emission.main(new BlockStarted(told.withHeader(BlockHeader.pending(told.id().value())))));
    events.add(Emission.main(new BlockCompleted(told)));
    return ProtocolStep.of(events);
  }

  /** A tool after its result; the transcript's decoding says the same. */
  static Block ended(Block.ToolUse tool, Block.ToolResult result) {
    return tool.with(result.failed() ? ToolStatus.ERROR : ToolStatus.SUCCESS)
        .withHeader(BlockHeader.complete(tool.toolUseId()));
  }

  @Override
  public ProtocolStep onExit(ExitStatus status, String stderrTail) {
    String code = StandardError.AGENT_EXITED.name();
    String message = "the agent ended with exit code " + status.code() + ": " + stderrTail.strip();
    return end(
        List.of(Emission.main(new ErrorRaised(code, message, true))),
        new TurnOutcome.Failed(code, message, true));
  }

  private ProtocolStep end(List<Emission> events, @Nullable TurnOutcome outcome) {
    if (!inTurn) {
      return ProtocolStep.NONE;
    }
    inTurn = false;
    running.clear(); // what is open is completed by the core
    return ProtocolStep.of(events, outcome);
  }

  @Override
  public Map<String, Object> snapshot() {
    return Map.of("inTurn", inTurn);
  }
}
// end::protocol[]
