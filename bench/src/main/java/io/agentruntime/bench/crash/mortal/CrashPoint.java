// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash.mortal;

/** Where a server can be told to die. */
public enum CrashPoint {
  /** A batch of events is about to be stored. */
  BEFORE_PERSIST,
  /** It is stored and nobody has seen it. */
  PERSISTED,
  /** A message is about to be stored. */
  QUEUEING,
  /** It is stored and not acknowledged. */
  QUEUED,
  /** What a turn will write to its process is journaled and not written. */
  INPUT_JOURNALED,
  /** Bytes are about to be written to a process. */
  BEFORE_STDIN,
  /** Half of them are written. */
  TORN_STDIN,
  /** They are written, and the server does not know. */
  AFTER_STDIN,
  /** A sandbox is being created: some time after that was begun. */
  CREATING,
  /** A sandbox is created, and the server does not know. */
  CREATED,
  /** A sandbox's files are about to be written. */
  SETTING_UP,
  /** They are written, and the server does not know. */
  SET_UP,
  /** A process is about to be started. */
  STARTING,
  /** It is started, and the server does not know. */
  STARTED,
  /** A tool is running: some time after it was said to. */
  TOOL,
  /** A permission is asked for. */
  ASKED,
  /** The end of a turn is about to be stored. */
  ENDING,
  /** It is stored and nobody has seen it. */
  ENDED,
  /** Transcript or workspace are about to be stored. */
  SYNCING,
  /** They are stored, and the server does not know. */
  SYNCED,
  /** Output that is no longer needed is about to be given up. */
  RELEASING,
  /** A sandbox of an earlier server was found again: in the middle of a recovery. */
  ATTACHED
}
