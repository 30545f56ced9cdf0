// SPDX-License-Identifier: MIT

package io.agentruntime.core.state;

import io.agentruntime.core.event.LogState;
import io.agentruntime.core.session.QueuedMessage;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.ConversationFold;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SandboxState;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.model.turn.DeliveryMode;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The fold of a session's log: everything that can be known from its events. One thread at a time.
 */
public final class SessionFold implements LogState {
  private static final int REMEMBERED_KEYS = 1_000;

  /** A message accepted under an idempotency key. */
  public record Accepted(MessageId messageId, String bodyHash) {}

  /**
   * A turn that has begun and not ended.
   *
   * @param message what it answers
   * @param since when it began
   */
  public record OpenTurn(QueuedMessage message, Instant since) {}

  private final ConversationFold conversation;
  private final Map<WorkspacePath, WorkspaceFile> files = new TreeMap<>();
  private final Map<String, PermissionRequest> permissions = new LinkedHashMap<>();
  private final Map<MessageId, QueuedMessage> queue = new LinkedHashMap<>();
  private final Map<String, Accepted> keys =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Accepted> eldest) {
          return size() > REMEMBERED_KEYS;
        }
      };
  private RangeLog range = new RangeLog();
  private @Nullable SandboxState sandbox;
  private final Map<MessageId, QueuedMessage> given = new LinkedHashMap<>();
  private SessionRecord record;
  private RuntimeState runtime = RuntimeState.IDLE;
  private long lastSeq;
  private @Nullable String nativeId;
  private @Nullable OpenTurn openTurn;
  private boolean everRan;
  private boolean wasAnswered;

  public SessionFold(SessionRecord record, Conversation base) {
    this(record, ConversationFold.from(base), !base.blocks().isEmpty());
  }

  private SessionFold(SessionRecord record, ConversationFold conversation, boolean everRan) {
    this.record = record;
    this.conversation = conversation;
    this.everRan = everRan;
    this.wasAnswered = everRan;
  }

  /** The same state in a fold of its own. */
  public SessionFold copy() {
    SessionFold copy = new SessionFold(record, conversation.copy(), everRan);
    copy.wasAnswered = wasAnswered;
    copy.files.putAll(files);
    copy.permissions.putAll(permissions);
    copy.queue.putAll(queue);
    copy.keys.putAll(keys);
    copy.runtime = runtime;
    copy.lastSeq = lastSeq;
    copy.nativeId = nativeId;
    copy.openTurn = openTurn;
    copy.range = range.copy();
    copy.sandbox = sandbox;
    copy.given.putAll(given);
    return copy;
  }

  @Override
  public void apply(EventEnvelope envelope) {
    // Before the conversation: a process starts with what had been used until then.
    range.apply(envelope, nativeId, conversation.metadata());
    conversation.apply(envelope.conversationId(), envelope.event());
    skip(envelope);
  }

  /** Takes note of an event whose conversation is known from the transcript. */
  public void skip(EventEnvelope envelope) {
    lastSeq = envelope.seq();
    SessionEvent event = envelope.event();
    switch (event) {
      case SessionEvent.StatusChanged e -> {
        runtime = e.state();
        sandbox = e.state().sandbox();
      }
      case SessionEvent.OptionsUpdated e ->
          record = record.with(SessionUpdate.options(e.options()));
      case SessionEvent.FileCreated e -> files.put(e.file().path(), e.file());
      case SessionEvent.FileModified e -> files.put(e.file().path(), e.file());
      case SessionEvent.FileDeleted e -> files.remove(e.path());
      case SessionEvent.PermissionRequested e ->
          permissions.put(e.request().requestId(), e.request());
      case SessionEvent.PermissionResolved e -> permissions.remove(e.answer().requestId());
      case SessionEvent.NativeSessionBound e -> nativeId = e.nativeId();
      case SessionEvent.TurnQueued e -> {
        queue.put(e.messageId(), new QueuedMessage(e.messageId(), e.content(), e.mode()));
        if (e.idempotencyKey() != null) {
          keys.put(e.idempotencyKey(), new Accepted(e.messageId(), e.bodyHash()));
        }
        active(envelope);
      }
      case SessionEvent.QueueReordered e -> reorder(e.order());
      case SessionEvent.TurnCancelled e -> {
        QueuedMessage cancelled = queue.remove(e.messageId());
        if (cancelled != null && openTurn != null) {
          given.put(e.messageId(), cancelled);
        }
      }
      case SessionEvent.TurnStarted e -> {
        QueuedMessage message = queue.remove(e.messageId());
        openTurn =
            new OpenTurn(
                message == null
                    ? new QueuedMessage(e.messageId(), new UserContent.Text(""), DeliveryMode.QUEUE)
                    : message,
                envelope.at());
        everRan = true;
      }
      case SessionEvent.TurnCompleted e -> {
        wasAnswered = true;
        ended(envelope);
      }
      case SessionEvent.TurnFailed e -> ended(envelope);
      case SessionEvent.TurnInterrupted e -> ended(envelope);
      default -> {
        // The remaining events change nothing beyond the conversation.
      }
    }
  }

  @Override
  public int openMessages() {
    return queue.size() + (openTurn == null ? 0 : 1);
  }

  /** The conversation as it is now. */
  public Conversation conversation() {
    return conversation.snapshot();
  }

  /** The final blocks of each conversation in the order in which they became final. */
  public Map<ConversationId, List<BlockId>> settled() {
    return conversation.settled();
  }

  /** The files of the workspace, in path order. */
  public List<WorkspaceFile> files() {
    return List.copyOf(files.values());
  }

  /** The session's record with what the log changed in it. */
  public SessionRecord record() {
    return record;
  }

  /** Takes a record that was changed beside the log. */
  public void record(SessionRecord changed) {
    record = changed;
  }

  /** The number of the last event. */
  public long lastSeq() {
    return lastSeq;
  }

  /** The runtime state as the log last told it. */
  public RuntimeState runtime() {
    return runtime;
  }

  /** Forgets what only held in an earlier life of the session in memory. */
  public void reloaded(SessionRecord storedRecord, List<WorkspaceFile> storedFiles) {
    record = storedRecord;
    runtime = RuntimeState.IDLE;
    files.clear();
    storedFiles.forEach(file -> files.put(file.path(), file));
  }

  /** The message that was accepted under an idempotency key, if any. */
  public Optional<Accepted> accepted(String key) {
    return Optional.ofNullable(keys.get(key));
  }

  /** The waiting messages, the next one first. */
  public List<QueuedMessage> queue() {
    return List.copyOf(queue.values());
  }

  /** The open permission requests, oldest first. */
  public List<PermissionRequest> permissions() {
    return List.copyOf(permissions.values());
  }

  /** The blocks of each conversation that are not final. */
  public Map<ConversationId, List<Block>> openBlocks() {
    return conversation.openBlocks();
  }

  /** A block of a conversation, if there is one with this id. */
  public Optional<Block> block(ConversationId conversationId, BlockId id) {
    return conversation.block(conversationId, id);
  }

  /** The turn that was running when an earlier owner's log ended, if any. */
  public Optional<OpenTurn> openTurn() {
    return Optional.ofNullable(openTurn);
  }

  /** A message that was given to the open turn, when it began or later; null for others. */
  public @Nullable QueuedMessage givenToTurn(String messageId) {
    OpenTurn open = openTurn;
    return open != null && open.message().messageId().value().equals(messageId)
        ? open.message()
        : given.get(new MessageId(messageId));
  }

  /** How far the agent's process was understood. */
  public RangeLog range() {
    return range;
  }

  /** The sandbox as the log last knew it, null when there was none. */
  public @Nullable SandboxState lastSandbox() {
    return sandbox;
  }

  /** The agent's own session id where it minted one. */
  public @Nullable String nativeId() {
    return nativeId;
  }

  /** What the session has used. */
  public ConversationMetadata metadata() {
    return conversation.metadata();
  }

  /** Whether a turn was completed, so that the agent has a past to know. */
  public boolean wasAnswered() {
    return wasAnswered;
  }

  /** Whether a turn was ever begun, here or before this log. */
  public boolean everRan() {
    return everRan;
  }

  private void ended(EventEnvelope envelope) {
    openTurn = null;
    given.clear();
    active(envelope);
  }

  private void active(EventEnvelope envelope) {
    record = record.with(SessionUpdate.activity(envelope.at()));
  }

  private void reorder(List<MessageId> order) {
    List<QueuedMessage> known = new ArrayList<>(queue.values());
    queue.clear();
    for (MessageId id : order) {
      known.stream().filter(m -> m.messageId().equals(id)).forEach(m -> queue.put(id, m));
    }
    known.forEach(m -> queue.putIfAbsent(m.messageId(), m));
  }
}
