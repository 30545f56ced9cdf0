// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.ErrorRaised;
import io.agentruntime.model.event.SessionEvent.MetadataUpdated;
import io.agentruntime.model.event.SessionEvent.PermissionRequested;
import io.agentruntime.model.event.SessionEvent.PermissionResolved;
import io.agentruntime.model.event.SessionEvent.SubagentCompleted;
import io.agentruntime.model.event.SessionEvent.SubagentDiscovered;
import io.agentruntime.model.event.SessionEvent.Unknown;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.model.turn.Usage;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.ProtocolStep;
import io.agentruntime.spi.architecture.TurnInput;
import io.agentruntime.spi.sandbox.ExitStatus;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The scripted agent's protocol. Confined to one thread at a time. */
final class ScriptedProtocol implements AgentProtocol {
  private final PermissionPolicy permissions;
  private final Map<String, Block> open = new LinkedHashMap<>();
  private final Set<String> known = new HashSet<>();
  private boolean inTurn;
  private Usage usage;
  private BigDecimal cost;

  ScriptedProtocol(ProtocolStart start) {
    this.permissions = start.profile().permissions();
    Map<String, Object> snapshot = start.snapshot();
    ConversationMetadata before = start.metadata();
    if (snapshot.isEmpty()) {
      this.usage = before.usage() == null ? Usage.NONE : before.usage();
      this.cost = before.costUsd() == null ? BigDecimal.ZERO : before.costUsd();
    } else {
      this.usage = new Usage(number(snapshot, "input"), number(snapshot, "output"), 0, 0);
      this.cost = new BigDecimal(String.valueOf(snapshot.getOrDefault("cost", "0")));
    }
    this.inTurn = Boolean.TRUE.equals(snapshot.get("inTurn"));
  }

  private static long number(Map<String, Object> map, String key) {
    return map.get(key) instanceof Number number ? number.longValue() : 0;
  }

  @Override
  public ProtocolStep onStart() {
    return ProtocolStep.NONE;
  }

  @Override
  public ProtocolStep onTurn(TurnInput input) {
    inTurn = true;
    known.add(input.messageId().value());
    String line =
        images(input.content())
            + "turn "
            + input.messageId()
            + " "
            + ScriptedLines.escape(input.content().plainText())
            + "\n";
    return new ProtocolStep(
        List.of(), line.getBytes(java.nio.charset.StandardCharsets.UTF_8), false, null);
  }

  /** The program leaves out lines that it does not know. */
  private static String images(UserContent content) {
    StringBuilder lines = new StringBuilder();
    if (content instanceof UserContent.Parts parts) {
      for (ContentPart part : parts.parts()) {
        if (part instanceof ContentPart.Image image) {
          lines.append("image ").append(ScriptedLines.escape(image.data())).append('\n');
        }
      }
    }
    return lines.toString();
  }

  @Override
  public ProtocolStep onStdout(String line) {
    try {
      return decode(line);
    } catch (AgentRuntimeException malformedId) {
      return ProtocolStep.of(List.of(Emission.main(new Unknown("line", Map.of("raw", line)))));
    }
  }

  private ProtocolStep decode(String line) {
    String[] words = ScriptedLines.split(line, 2);
    String rest = words[1];
    return switch (words[0]) {
      case "accepted" -> ProtocolStep.NONE;
      case "sub" -> {
        String[] inner = ScriptedLines.split(rest, 2);
        yield ProtocolStep.of(blockEvents(new ConversationId(inner[0]), inner[1]));
      }
      case "ask" -> ask(ScriptedLines.split(rest, 3));
      case "usage" -> ProtocolStep.of(List.of(used(ScriptedLines.split(rest, 3))));
      case "done" -> end(List.of(), new TurnOutcome.Completed());
      case "interrupted" -> end(List.of(), new TurnOutcome.Interrupted());
      case "failed" -> {
        String message = ScriptedLines.unescape(rest);
        String code = StandardError.AGENT_FAILED.name();
        yield end(
            List.of(Emission.main(new ErrorRaised(code, message, true))),
            new TurnOutcome.Failed(code, message, true));
      }
      default -> ProtocolStep.of(blockEvents(ConversationId.MAIN, line));
    };
  }

  @Override
  public ProtocolStep onExit(ExitStatus status, String stderrTail) {
    if (!inTurn) {
      return ProtocolStep.NONE;
    }
    String message = "the agent ended with exit code " + status.code() + ": " + stderrTail.strip();
    String code = StandardError.AGENT_EXITED.name();
    return end(
        List.of(Emission.main(new ErrorRaised(code, message, true))),
        new TurnOutcome.Failed(code, message, true));
  }

  @Override
  public ProtocolStep interrupt() {
    return ProtocolStep.line("interrupt");
  }

  @Override
  public ProtocolStep answer(PermissionAnswer answer) {
    ProtocolStep written =
        ProtocolStep.line(
            "answer " + answer.requestId() + " " + (answer.allowed() ? "allow" : "deny"));
    return new ProtocolStep(
        List.of(Emission.main(new PermissionResolved(answer))), written.stdin(), false, null);
  }

  @Override
  public Map<String, Object> snapshot() {
    return Map.of(
        "input",
        usage.inputTokens(),
        "output",
        usage.outputTokens(),
        "cost",
        cost.toPlainString(),
        "inTurn",
        inTurn);
  }

  private ProtocolStep end(List<Emission> emissions, TurnOutcome outcome) {
    if (!inTurn) {
      return ProtocolStep.NONE;
    }
    inTurn = false;
    open.clear();
    return ProtocolStep.of(emissions, outcome);
  }

  private ProtocolStep ask(String[] fields) {
    PermissionRequest request =
        new PermissionRequest(fields[0], fields[2], Map.of(), fields[1], List.of());
    Emission requested = Emission.main(new PermissionRequested(request));
    if (permissions == PermissionPolicy.ASK) {
      return ProtocolStep.of(List.of(requested));
    }
    ProtocolStep answered =
        answer(
            new PermissionAnswer(
                fields[0], permissions == PermissionPolicy.BYPASS, null, null, "policy"));
    List<Emission> both = new ArrayList<>();
    both.add(requested);
    both.addAll(answered.emissions());
    return new ProtocolStep(both, answered.stdin(), false, null);
  }

  private Emission used(String[] fields) {
    try {
      usage = usage.plus(new Usage(Long.parseLong(fields[0]), Long.parseLong(fields[1]), 0, 0));
      cost = cost.add(new BigDecimal(fields[2]));
    } catch (NumberFormatException e) {
      return Emission.main(new Unknown("usage", Map.of("line", String.join(" ", fields))));
    }
    return Emission.main(
        new MetadataUpdated(new ConversationMetadata(usage, cost, "scripted-model")));
  }

  private List<Emission> blockEvents(ConversationId conversation, String line) {
    List<Emission> events = new ArrayList<>();
    String[] fields = ScriptedLines.split(line, 3);
    String id = fields[1];
    switch (fields[0]) {
      case "text", "think" -> {
        if (open.containsKey(id)) {
          events.add(
              new Emission(
                  conversation,
                  new BlockDelta(
                      new BlockId(id), DeltaField.TEXT, ScriptedLines.unescape(fields[2]))));
        }
      }
      case "text-start", "think-start" -> {
        if (!known.add(id)) {
          return unknown(conversation, line);
        }
        Block block =
            fields[0].equals("text-start")
                ? new Block.AssistantText(BlockHeader.pending(id), "", "scripted-model")
                : new Block.Thinking(BlockHeader.pending(id), "", null);
        open.put(id, block);
        events.add(new Emission(conversation, new BlockStarted(block)));
      }
      case "text-end", "think-end", "tool", "tool-end" -> finish(conversation, line, events);
      default -> events.addAll(unknown(conversation, line));
    }
    return events;
  }

  /** Also for a line that would begin a block a second time. */
  private static List<Emission> unknown(ConversationId conversation, String line) {
    return List.of(new Emission(conversation, new Unknown("line", Map.of("raw", line))));
  }

  private void finish(ConversationId conversation, String line, List<Emission> events) {
    @Nullable Block block = ScriptedTranscripts.block(line);
    boolean begins = block != null && !open.containsKey(block.id().value());
    if (block == null || begins && !known.add(block.id().value())) {
      events.addAll(unknown(conversation, line));
      return;
    }
    if (block instanceof Block.ToolUse tool) {
      Block running =
          tool.with(ToolStatus.RUNNING).withHeader(BlockHeader.pending(tool.toolUseId()));
      open.put(tool.toolUseId(), running);
      events.add(new Emission(conversation, new BlockStarted(running)));
      if (tool.toolName().equals("subagent")) {
        events.add(
            Emission.main(
                new SubagentDiscovered(
                    new ConversationId(tool.toolUseId()), null, "scripted", null, null)));
      }
      return;
    }
    if (block instanceof Block.ToolResult result
        && open.remove(result.toolUseId()) instanceof Block.ToolUse tool) {
      Block ended = tool.with(result.failed() ? ToolStatus.ERROR : ToolStatus.SUCCESS);
      events.add(
          new Emission(
              conversation,
              new BlockCompleted(ended.withHeader(BlockHeader.complete(tool.toolUseId())))));
      if (tool.toolName().equals("subagent")) {
        events.add(
            Emission.main(
                new SubagentCompleted(
                    new ConversationId(tool.toolUseId()),
                    null,
                    result.failed(),
                    result.output(),
                    null)));
      }
    }
    if (begins) {
      events.add(
          new Emission(
              conversation,
              new BlockStarted(block.withHeader(BlockHeader.pending(block.id().value())))));
    }
    open.remove(block.id().value());
    events.add(new Emission(conversation, new BlockCompleted(block)));
  }
}
