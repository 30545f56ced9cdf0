// SPDX-License-Identifier: MIT

package io.agentruntime.model.event;

import io.agentruntime.model.JsonValues;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.turn.DeliveryMode;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One thing that happened in a session: what its event log records and its clients see. */
public sealed interface SessionEvent {

  /** What an architecture may emit; the core emits these too where it speaks for the agent. */
  sealed interface StreamEvent extends SessionEvent {}

  /**
   * A block began.
   *
   * @param block as it is at its beginning
   */
  record BlockStarted(Block block) implements StreamEvent {
    /** Checks required components. */
    public BlockStarted {
      Objects.requireNonNull(block, "block");
    }
  }

  /**
   * A block's text grew.
   *
   * @param blockId which block
   * @param field which of its texts
   * @param text what was added
   */
  record BlockDelta(BlockId blockId, DeltaField field, String text) implements StreamEvent {
    /** Checks required components. */
    public BlockDelta {
      Objects.requireNonNull(blockId, "blockId");
      Objects.requireNonNull(field, "field");
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * A block changed other than by growing, or appeared without having been started.
   *
   * @param block the whole block as it is now
   */
  record BlockUpdated(Block block) implements StreamEvent {
    /** Checks required components. */
    public BlockUpdated {
      Objects.requireNonNull(block, "block");
    }
  }

  /**
   * A block is final. Emitted exactly once for each block that was started.
   *
   * @param block the whole block
   */
  record BlockCompleted(Block block) implements StreamEvent {
    /** Checks required components. */
    public BlockCompleted {
      Objects.requireNonNull(block, "block");
    }
  }

  /**
   * Usage, cost or model became known.
   *
   * @param metadata what is known; null components are unknown, not zero
   */
  record MetadataUpdated(ConversationMetadata metadata) implements StreamEvent {
    /** Checks required components. */
    public MetadataUpdated {
      Objects.requireNonNull(metadata, "metadata");
    }
  }

  /**
   * A subagent was started; its blocks follow in the conversation named by {@code id}.
   *
   * @param id the tool use that started it
   * @param agentId the native id, once known
   * @param name the kind of subagent, if known
   * @param description what it is to do, in short
   * @param prompt what it was told
   */
  record SubagentDiscovered(
      ConversationId id,
      @Nullable String agentId,
      @Nullable String name,
      @Nullable String description,
      @Nullable String prompt)
      implements StreamEvent {
    /** Checks required components. */
    public SubagentDiscovered {
      Objects.requireNonNull(id, "id");
    }
  }

  /**
   * A subagent ended.
   *
   * @param id the tool use that started it
   * @param agentId the native id, if known
   * @param failed whether it failed
   * @param output its answer, if any
   * @param durationMillis how long it took, if known
   */
  record SubagentCompleted(
      ConversationId id,
      @Nullable String agentId,
      boolean failed,
      @Nullable String output,
      @Nullable Long durationMillis)
      implements StreamEvent {
    /** Checks required components. */
    public SubagentCompleted {
      Objects.requireNonNull(id, "id");
    }
  }

  /**
   * The agent minted a session id of its own.
   *
   * @param nativeId that id
   */
  record NativeSessionBound(String nativeId) implements StreamEvent {
    /** Checks required components. */
    public NativeSessionBound {
      Objects.requireNonNull(nativeId, "nativeId");
    }
  }

  /**
   * The agent waits for a permission.
   *
   * @param request what it asks
   */
  record PermissionRequested(PermissionRequest request) implements StreamEvent {
    /** Checks required components. */
    public PermissionRequested {
      Objects.requireNonNull(request, "request");
    }
  }

  /**
   * A permission was decided.
   *
   * @param answer how and by whom
   */
  record PermissionResolved(PermissionAnswer answer) implements StreamEvent {
    /** Checks required components. */
    public PermissionResolved {
      Objects.requireNonNull(answer, "answer");
    }
  }

  /**
   * Something failed.
   *
   * @param code a stable code
   * @param message for people; no secrets
   * @param retryable whether trying again may help
   */
  record ErrorRaised(String code, String message, boolean retryable) implements StreamEvent {
    /** Checks required components. */
    public ErrorRaised {
      Objects.requireNonNull(code, "code");
      Objects.requireNonNull(message, "message");
    }
  }

  /**
   * An event or native line that this version does not know: kept, never interpreted.
   *
   * @param type the unknown type
   * @param raw its fields, JSON-like
   */
  record Unknown(String type, Map<String, Object> raw) implements StreamEvent {
    /** Copies the fields. */
    public Unknown {
      Objects.requireNonNull(type, "type");
      raw = JsonValues.copy(raw);
    }
  }

  /**
   * The session's runtime state changed.
   *
   * @param state the state now
   */
  record StatusChanged(RuntimeState state) implements SessionEvent {
    /** Checks required components. */
    public StatusChanged {
      Objects.requireNonNull(state, "state");
    }
  }

  /**
   * The session's options were replaced.
   *
   * @param options all options, JSON-like
   */
  record OptionsUpdated(Map<String, Object> options) implements SessionEvent {
    /** Copies the options. */
    public OptionsUpdated {
      options = JsonValues.copy(options);
    }
  }

  /**
   * A file appeared in the workspace.
   *
   * @param file path, size, mode and hash; its content is in the workspace store
   */
  record FileCreated(WorkspaceFile file) implements SessionEvent {
    /** Checks required components. */
    public FileCreated {
      Objects.requireNonNull(file, "file");
    }
  }

  /**
   * A file of the workspace changed.
   *
   * @param file path, size, mode and hash as they are now
   */
  record FileModified(WorkspaceFile file) implements SessionEvent {
    /** Checks required components. */
    public FileModified {
      Objects.requireNonNull(file, "file");
    }
  }

  /**
   * A file disappeared from the workspace.
   *
   * @param path which
   */
  record FileDeleted(WorkspacePath path) implements SessionEvent {
    /** Checks required components. */
    public FileDeleted {
      Objects.requireNonNull(path, "path");
    }
  }

  /**
   * Part of the workspace is not kept because of a limit or an ignore rule.
   *
   * @param limit the limit's name, for instance {@code maxFileBytes}
   * @param path what is left out, null when it is not one file
   * @param message for people
   */
  record WorkspaceLimitReached(String limit, @Nullable WorkspacePath path, String message)
      implements SessionEvent {
    /** Checks required components. */
    public WorkspaceLimitReached {
      Objects.requireNonNull(limit, "limit");
      Objects.requireNonNull(message, "message");
    }
  }

  /**
   * A message was accepted and waits for its turn.
   *
   * @param messageId the message, also the id of its turn
   * @param content what the user said
   * @param mode how it was delivered
   * @param idempotencyKey the client's key, if it gave one
   * @param bodyHash SHA-256 of the content in hex, to recognise another body under the same key
   */
  record TurnQueued(
      MessageId messageId,
      UserContent content,
      DeliveryMode mode,
      @Nullable String idempotencyKey,
      String bodyHash)
      implements SessionEvent {
    /** Checks required components. */
    public TurnQueued {
      Objects.requireNonNull(messageId, "messageId");
      Objects.requireNonNull(content, "content");
      Objects.requireNonNull(mode, "mode");
      Objects.requireNonNull(bodyHash, "bodyHash");
    }
  }

  /**
   * The order of waiting messages changed.
   *
   * @param order all waiting messages, the next one first
   */
  record QueueReordered(List<MessageId> order) implements SessionEvent {
    /** Copies the list. */
    public QueueReordered {
      order = List.copyOf(order);
    }
  }

  /**
   * A waiting message was withdrawn before its turn began.
   *
   * @param messageId which
   * @param reason why
   */
  record TurnCancelled(MessageId messageId, String reason) implements SessionEvent {
    /** Checks required components. */
    public TurnCancelled {
      Objects.requireNonNull(messageId, "messageId");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * A turn began; the user's block follows.
   *
   * @param messageId the message it answers
   * @param range the process and offsets it uses, null when it failed before there was a process
   */
  record TurnStarted(MessageId messageId, @Nullable RangeStart range) implements SessionEvent {
    /** Checks required components. */
    public TurnStarted {
      Objects.requireNonNull(messageId, "messageId");
    }
  }

  /**
   * Bytes were decided to be written to the process; recorded before they are.
   *
   * @param kind {@code turn}, {@code interrupt}, {@code answer}, {@code start} or {@code reply}
   * @param stdoutOffset bytes of output that had been decoded at that moment
   * @param stdinOffset where the bytes go
   * @param stdin the bytes, base64; empty when nothing is written
   * @param argument what the input was, JSON-like, enough to repeat it
   */
  record InputApplied(
      String kind, long stdoutOffset, long stdinOffset, String stdin, Map<String, Object> argument)
      implements SessionEvent {
    /** Copies the argument. */
    public InputApplied {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(stdin, "stdin");
      argument = JsonValues.copy(argument);
    }
  }

  /**
   * A turn ran to its end.
   *
   * @param messageId the message it answered
   * @param durationMillis how long it took
   * @param end where its range ended, null when there was no process
   */
  record TurnCompleted(MessageId messageId, long durationMillis, @Nullable RangeEnd end)
      implements SessionEvent {
    /** Checks required components. */
    public TurnCompleted {
      Objects.requireNonNull(messageId, "messageId");
    }
  }

  /**
   * A turn failed.
   *
   * @param messageId the message it answered
   * @param code a stable code
   * @param message for people
   * @param end where its range ended, null when the process is gone
   */
  record TurnFailed(MessageId messageId, String code, String message, @Nullable RangeEnd end)
      implements SessionEvent {
    /** Checks required components. */
    public TurnFailed {
      Objects.requireNonNull(messageId, "messageId");
      Objects.requireNonNull(code, "code");
      Objects.requireNonNull(message, "message");
    }
  }

  /**
   * A turn was stopped on request.
   *
   * @param messageId the message it answered
   * @param end where its range ended, null when the process is gone
   */
  record TurnInterrupted(MessageId messageId, @Nullable RangeEnd end) implements SessionEvent {
    /** Checks required components. */
    public TurnInterrupted {
      Objects.requireNonNull(messageId, "messageId");
    }
  }

  /**
   * The transcript was stored.
   *
   * @param bytes its whole size
   */
  record TranscriptSaved(long bytes) implements SessionEvent {}

  /**
   * A fresh sandbox was given the session's past, or an agent could not be given it.
   *
   * @param fidelity {@code full}, {@code conversation-only}, {@code workspace-only} or {@code none}
   * @param message for people, if something is missing
   */
  record ContextRestored(String fidelity, @Nullable String message) implements StreamEvent {
    /** Checks required components. */
    public ContextRestored {
      Objects.requireNonNull(fidelity, "fidelity");
    }
  }
}
