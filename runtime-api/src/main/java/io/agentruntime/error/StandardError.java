// SPDX-License-Identifier: MIT

package io.agentruntime.error;

/** The codes that the runtime itself raises; providers may use them too. */
public enum StandardError implements ErrorCode {
  /** An operation whose capability the provider does not declare. */
  UNSUPPORTED(ErrorKind.USER, false),
  /** A value is malformed; the message names the field and what was expected. */
  INVALID_ARGUMENT(ErrorKind.USER, false),
  /** No session with that id, neither loaded nor stored. */
  SESSION_NOT_FOUND(ErrorKind.USER, false),
  /** The session exists but is not in memory. */
  SESSION_NOT_LOADED(ErrorKind.USER, false),
  /** A session with that id exists already. */
  SESSION_EXISTS(ErrorKind.CONFLICT, false),
  /** The named agent profile does not exist. */
  UNKNOWN_PROFILE(ErrorKind.USER, false),
  /** The profile uses a field that the architecture cannot honour. */
  PROFILE_FIELD_UNSUPPORTED(ErrorKind.USER, false),
  /** No provider of the asked kind has that id. */
  UNKNOWN_PROVIDER(ErrorKind.USER, false),
  /** Neither a session nor its profile nor the runtime names an agent architecture. */
  MISSING_ARCHITECTURE(ErrorKind.USER, false),
  /** No agent architecture has that id or synonym. */
  UNKNOWN_ARCHITECTURE(ErrorKind.USER, false),
  /** A variable that the agent needs to reach its model is not set. */
  MISSING_CREDENTIAL(ErrorKind.USER, false),
  /** The same idempotency key came with another body. */
  IDEMPOTENCY_CONFLICT(ErrorKind.CONFLICT, false),
  /** A message arrived during a turn and its mode was {@code reject}. */
  TURN_IN_PROGRESS(ErrorKind.CONFLICT, true),
  /** There is no such open permission request. */
  PERMISSION_NOT_FOUND(ErrorKind.USER, false),
  /** The queue of waiting messages is full. */
  QUEUE_FULL(ErrorKind.RESOURCE, true),
  /** A configured limit was exceeded; the message names it. */
  LIMIT_EXCEEDED(ErrorKind.RESOURCE, false),
  /** The runtime is stopping and takes no new work. */
  SHUTTING_DOWN(ErrorKind.RESOURCE, true),
  /** The session or provider was closed. */
  CLOSED(ErrorKind.CONFLICT, false),
  /** A newer owner holds the session; this writer must stop. */
  FENCED(ErrorKind.CONFLICT, false),
  /** Start-up configuration is wrong; the message names jar and key. */
  CONFIGURATION(ErrorKind.USER, false),
  /** The sandbox no longer exists. */
  SANDBOX_LOST(ErrorKind.EXTERNAL, true),
  /** The sandbox could not be created or prepared. */
  SANDBOX_FAILED(ErrorKind.EXTERNAL, true),
  /** The sandbox provider cannot be reached at present. */
  SANDBOX_UNAVAILABLE(ErrorKind.EXTERNAL, true),
  /** No such process in the sandbox. */
  PROCESS_NOT_FOUND(ErrorKind.USER, false),
  /** A write or read at an offset that does not follow what is there. */
  OFFSET_MISMATCH(ErrorKind.CONFLICT, false),
  /** The spool prefix that was asked for has been released. */
  OFFSET_RELEASED(ErrorKind.CONFLICT, false),
  /** No such file in the sandbox or store. */
  FILE_NOT_FOUND(ErrorKind.USER, false),
  /** A set-up command ended with a non-zero exit code. */
  SETUP_FAILED(ErrorKind.EXTERNAL, false),
  /** The agent program ended before its turn did. */
  AGENT_EXITED(ErrorKind.EXTERNAL, true),
  /** The agent program reported that its turn failed. */
  AGENT_FAILED(ErrorKind.EXTERNAL, true),
  /** The turn took longer than its deadline. */
  TURN_TIMEOUT(ErrorKind.EXTERNAL, true),
  /** The agent's native output could not be decoded after an upgrade. */
  DECODER_CHANGED(ErrorKind.INTERNAL, false),
  /** The store cannot take or give data at present. */
  STORE_UNAVAILABLE(ErrorKind.EXTERNAL, true),
  /** Stored data cannot be read. */
  STORE_CORRUPT(ErrorKind.INTERNAL, false),
  /** A provider broke its contract; the message names it. */
  PROVIDER_FAILED(ErrorKind.INTERNAL, false),
  /** A defect of this system. */
  INTERNAL_ERROR(ErrorKind.INTERNAL, false);

  private final ErrorKind kind;
  private final boolean retryable;

  StandardError(ErrorKind kind, boolean retryable) {
    this.kind = kind;
    this.retryable = retryable;
  }

  @Override
  public ErrorKind kind() {
    return kind;
  }

  @Override
  public boolean retryable() {
    return retryable;
  }
}
