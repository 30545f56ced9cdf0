// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.event.EventFeed;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.workspace.WorkspaceFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A handle on a session in memory.
 *
 * <p>Thread-safe. Methods that change something return when the change is in the store, and throw
 * {@code CLOSED} once the session has been unloaded: ask the directory again then. All but the
 * getters throw {@code STORE_UNAVAILABLE} when the store does not take the change in time.
 */
public interface Session {
  /** Its id. */
  SessionId id();

  /** Its present committed state. Never blocks. */
  SessionView view();

  /**
   * Accepts a message; its turn begins when it is at the head of the queue.
   *
   * @throws AgentRuntimeException {@code QUEUE_FULL}, {@code TURN_IN_PROGRESS} (mode {@code
   *     REJECT}), {@code IDEMPOTENCY_CONFLICT}, {@code SHUTTING_DOWN}, {@code UNSUPPORTED} (mode
   *     {@code STEER} with an architecture that cannot)
   */
  MessageReceipt send(MessageRequest message) throws InterruptedException;

  /**
   * Stops the running turn; waiting messages follow. Returns when the request is in the log, not
   * when the turn has ended.
   *
   * @return false when no turn runs
   */
  boolean interrupt() throws InterruptedException;

  /**
   * Withdraws a waiting message.
   *
   * @return false when it does not wait (any more)
   */
  boolean cancel(MessageId messageId) throws InterruptedException;

  /**
   * Puts the waiting messages in another order.
   *
   * @param order all waiting messages, each once
   */
  void reorder(List<MessageId> order) throws InterruptedException;

  /**
   * Answers an open permission request.
   *
   * @throws AgentRuntimeException {@code PERMISSION_NOT_FOUND}
   */
  void answer(PermissionAnswer answer) throws InterruptedException;

  /** Changes options, name or metadata; options take effect with the next process. */
  void update(SessionUpdate update) throws InterruptedException;

  /** Stores transcript and workspace now; returns when that is done. */
  void sync() throws InterruptedException;

  /**
   * Ends the sandbox after a sync; the session stays, and the next message creates another one. A
   * running turn is interrupted. No error when there is no sandbox.
   */
  void terminateSandbox() throws InterruptedException;

  /**
   * Follows the log: everything after a number, then what comes.
   *
   * @param after the last number that the caller knows, 0 for everything
   * @return the caller closes it
   */
  EventFeed feed(long after) throws InterruptedException;

  /**
   * Reads a workspace file's content as it was last stored.
   *
   * @param file a regular file from {@link SessionView#files()} or a file event
   * @return the caller closes it
   */
  InputStream open(WorkspaceFile file) throws IOException, InterruptedException;
}
