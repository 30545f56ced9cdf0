// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

/** What is looked at after a run. */
enum Check {
  /** Numbers in the database have no gap and agree with the session's row. */
  STORED_WITHOUT_GAP,
  /** What a client was told had growing numbers, and nothing made it begin again. */
  TOLD_IN_ORDER,
  /** What a client was told is what a new client is told, no less and no more. */
  NOTHING_CHANGED_AFTERWARDS,
  /** Each acknowledged message is in the log and in the conversation exactly once. */
  MESSAGES_ONCE,
  /** Each acknowledged message had one turn, which ended once, as it should. */
  TURNS_ONCE,
  /** Each permission that was asked for was answered once, by a client. */
  PERMISSIONS_ONCE,
  /** No tool ran twice, and none did not run. */
  TOOLS_ONCE,
  /** The conversation is that of an undisturbed run. */
  CONVERSATION_AS_UNDISTURBED,
  /** No client was refused anything or waited in vain. */
  CLIENTS_WERE_SERVED,
  /** After a restart, clients had everything in time. */
  STREAMS_CONTINUED,
  /** Servers started, and ended in good order when asked to. */
  SERVERS_STARTED_AND_STOPPED,
  /** No sandbox was left that nobody uses. */
  NO_ORPHAN_SANDBOX,
  /** No process was left. */
  NO_ORPHAN_PROCESS
}
