// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.core.session.MessageReceipt;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.QueuedMessage;
import io.agentruntime.core.state.SessionFold;
import io.agentruntime.core.state.SessionJournal;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.DeliveryMode;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.ArchitectureCapability;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages and hands them to the driver, one turn at a time. What waits is the fold of the
 * log; this only decides. Confined to the actor.
 */
public final class TurnQueue {
  private final SessionScope scope;
  private final SessionJournal journal;
  private final TurnDriver driver;
  private final BooleanSupplier mayBegin;
  private final Runnable statusChanged;
  private final List<MessageId> first = new ArrayList<>();

  /**
   * A queue.
   *
   * @param mayBegin whether a turn may begin now
   * @param statusChanged called when the number of waiting messages changed
   */
  public TurnQueue(
      SessionScope scope,
      SessionJournal journal,
      TurnDriver driver,
      BooleanSupplier mayBegin,
      Runnable statusChanged) {
    this.scope = scope;
    this.journal = journal;
    this.driver = driver;
    this.mayBegin = mayBegin;
    this.statusChanged = statusChanged;
  }

  /** Whether a turn runs or a message waits. */
  public boolean busy() {
    return driver.active() != null || !journal.fold().queue().isEmpty();
  }

  /** The receipt of a message that was accepted under the same key before, null when none was. */
  public @Nullable MessageReceipt accepted(MessageRequest message) {
    String key = message.idempotencyKey();
    SessionFold.Accepted known = key == null ? null : journal.fold().accepted(key).orElse(null);
    if (known == null) {
      return null;
    }
    if (!known.bodyHash().equals(ContentDigest.of(message.content()))) {
      throw new AgentRuntimeException(
          StandardError.IDEMPOTENCY_CONFLICT,
          "another message was accepted under this idempotency key before");
    }
    return new MessageReceipt(known.messageId(), true);
  }

  /** Accepts a new message. */
  public MessageReceipt add(MessageRequest message) {
    ActiveTurn active = driver.active();
    check(message, active);
    String key = message.idempotencyKey();
    MessageId id =
        key == null ? new MessageId(UUID.randomUUID().toString()) : MessageId.of(scope.id(), key);
    journal.append(
        null,
        new SessionEvent.TurnQueued(
            id, message.content(), message.mode(), key, ContentDigest.of(message.content())));
    deliver(new QueuedMessage(id, message.content(), message.mode()), active);
    return new MessageReceipt(id, false);
  }

  private void check(MessageRequest message, @Nullable ActiveTurn active) {
    List<QueuedMessage> waiting = journal.fold().queue();
    if (message.mode() == DeliveryMode.REJECT && (active != null || !waiting.isEmpty())) {
      throw new AgentRuntimeException(
          StandardError.TURN_IN_PROGRESS, "session " + scope.id() + " is busy with a turn");
    }
    if (message.mode() == DeliveryMode.STEER
        && !scope.architecture().capabilities().contains(ArchitectureCapability.STEER)) {
      throw AgentRuntimeException.unsupported(
          scope.architecture().id(), ArchitectureCapability.STEER);
    }
    if (message.mode() == DeliveryMode.INTERRUPT) {
      requireInterrupt(scope.architecture());
    }
    if (holdsImages(message.content())
        && !scope.architecture().capabilities().contains(ArchitectureCapability.IMAGES)) {
      throw AgentRuntimeException.unsupported(
          scope.architecture().id(), ArchitectureCapability.IMAGES);
    }
    if (waiting.size() >= scope.config().maxQueuedMessages()) {
      throw new AgentRuntimeException(
          StandardError.QUEUE_FULL,
          "session " + scope.id() + " has " + waiting.size() + " waiting messages already");
    }
  }

  private static boolean holdsImages(UserContent content) {
    return content instanceof UserContent.Parts parts
        && parts.parts().stream().anyMatch(ContentPart.Image.class::isInstance);
  }

  /** Refuses what the agent does not declare. */
  public static void requireInterrupt(AgentArchitecture architecture) {
    if (!architecture.capabilities().contains(ArchitectureCapability.INTERRUPT)) {
      throw AgentRuntimeException.unsupported(architecture.id(), ArchitectureCapability.INTERRUPT);
    }
  }

  private void deliver(QueuedMessage message, @Nullable ActiveTurn active) {
    if (message.mode() == DeliveryMode.INTERRUPT && active != null) {
      first.addFirst(message.messageId());
      driver.interrupt();
    } else if (message.mode() == DeliveryMode.STEER && active != null && driver.canSteer()) {
      journal.append(
          active.id(), new SessionEvent.TurnCancelled(message.messageId(), "given to the turn"));
      driver.steer(message);
      return;
    }
    next();
    if (active != null) {
      statusChanged.run();
    }
  }

  /** Withdraws a waiting message; whether it waited. */
  public boolean cancel(MessageId id) {
    boolean waits = journal.fold().queue().stream().anyMatch(m -> m.messageId().equals(id));
    if (waits) {
      journal.append(null, new SessionEvent.TurnCancelled(id, "withdrawn"));
      statusChanged.run();
    }
    return waits;
  }

  /** Withdraws all waiting messages. */
  public void cancelAll() {
    journal.fold().queue().forEach(message -> cancel(message.messageId()));
  }

  /** Changes the order of the waiting messages. */
  public @Nullable Void reorder(List<MessageId> order) {
    List<MessageId> waiting =
        journal.fold().queue().stream().map(QueuedMessage::messageId).toList();
    if (order.size() != waiting.size() || !new HashSet<>(order).equals(new HashSet<>(waiting))) {
      throw AgentRuntimeException.invalid("order", "every waiting message exactly once");
    }
    journal.append(null, new SessionEvent.QueueReordered(order));
    return null;
  }

  /** Begins the next turn if there is one and it may begin. */
  public void next() {
    if (driver.active() != null || !mayBegin.getAsBoolean()) {
      return;
    }
    List<QueuedMessage> queue = journal.fold().queue();
    if (queue.isEmpty()) {
      return;
    }
    QueuedMessage next = queue.getFirst();
    while (!first.isEmpty()) {
      MessageId wanted = first.removeFirst();
      QueuedMessage preferred =
          queue.stream().filter(m -> m.messageId().equals(wanted)).findFirst().orElse(null);
      if (preferred != null) {
        next = preferred;
        break;
      }
    }
    driver.start(next);
  }
}
