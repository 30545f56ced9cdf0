// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SandboxState;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A session's runtime state. The sandbox stands here under both of the names that clients know.
 *
 * @param isLoaded whether the session is in memory
 * @param sandbox its sandbox, null when it has none
 * @param executionEnvironment the same
 * @param activeQuery the running turn, if any
 * @param queued how many messages wait
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RuntimeReply(
    @JsonProperty("isLoaded") boolean isLoaded,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Sandbox sandbox,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Sandbox executionEnvironment,
    @Nullable ActiveQuery activeQuery,
    int queued) {

  /**
   * A sandbox.
   *
   * @param id its id, once it has one
   * @param sandboxId the same
   * @param provider the sandbox provider
   * @param status {@code starting, ready, unhealthy, terminated, error}
   * @param statusMessage for people
   * @param restartCount how often it was replaced since the session was loaded
   * @param lastHealthCheck when it last answered, milliseconds
   * @param lastError the last failure
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Sandbox(
      @Nullable String id,
      @Nullable String sandboxId,
      String provider,
      String status,
      @Nullable String statusMessage,
      int restartCount,
      @Nullable Long lastHealthCheck,
      @Nullable String lastError) {}

  /**
   * A running turn.
   *
   * @param startedAt since when, milliseconds
   * @param turnId its id
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ActiveQuery(@Nullable Long startedAt, String turnId) {}

  /** A session that is not in memory. */
  public static final RuntimeReply UNLOADED = of(RuntimeState.UNLOADED);

  /** Shows a state. */
  public static RuntimeReply of(RuntimeState state) {
    SandboxState known = state.sandbox();
    Sandbox sandbox = known == null ? null : sandbox(known);
    ActiveQuery query =
        state.activeTurn() == null
            ? null
            : new ActiveQuery(millis(state.turnStartedAt()), state.activeTurn().value());
    return new RuntimeReply(state.loaded(), sandbox, sandbox, query, state.queued());
  }

  /** {@code active} once there is a sandbox or a turn, else {@code inactive}. */
  public static String statusWord(RuntimeState state) {
    SandboxState sandbox = state.sandbox();
    boolean alive =
        sandbox != null
            && switch (sandbox.status()) {
              case STARTING, READY, UNHEALTHY -> true;
              case TERMINATED, ERROR -> false;
            };
    return state.loaded() && (alive || state.activeTurn() != null) ? "active" : "inactive";
  }

  private static Sandbox sandbox(SandboxState state) {
    return new Sandbox(
        state.id(),
        state.id(),
        state.provider(),
        state.status().name().toLowerCase(Locale.ROOT),
        state.message(),
        state.restarts(),
        millis(state.lastHealthCheck()),
        state.lastError());
  }

  private static @Nullable Long millis(@Nullable Instant at) {
    return at == null ? null : at.toEpochMilli();
  }
}
