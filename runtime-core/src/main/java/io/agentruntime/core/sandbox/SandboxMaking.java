// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import io.agentruntime.core.state.SessionScope;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes a session's sandbox, or finds the one that an earlier server left. Blocks, and is used by
 * the session's serial worker alone.
 */
final class SandboxMaking {
  private final SessionScope scope;
  private final SandboxSource source;
  private final SandboxHold hold;

  /** What the actor knows when a sandbox is wanted; the worker must not ask it later. */
  record Wish(long generation, Map<String, Object> options, @Nullable String nativeId) {}

  /** Who wants to know how far it is; called on the worker's thread. */
  interface Progress {
    /** A provider was chosen. */
    void chosen(String provider);

    /**
     * There is something to tell people.
     *
     * @param sandboxId null until there is a sandbox
     */
    void step(String provider, @Nullable String sandboxId, String message);
  }

  /**
   * For one session.
   *
   * @param hold learns of each sandbox as soon as there is one
   */
  SandboxMaking(SessionScope scope, SandboxSource source, SandboxHold hold) {
    this.scope = scope;
    this.source = source;
    this.hold = hold;
  }

  /** Makes a sandbox with everything in it. */
  PreparedSandbox make(Wish wish, Progress progress) throws IOException, InterruptedException {
    source.environment().require(scope.architecture(), scope.profile(), wish.options());
    SandboxProvider provider = source.selection().select(scope.sandboxProvider());
    progress.chosen(provider.id());
    AtomicReference<@Nullable String> sandboxId = new AtomicReference<>();
    return source
        .preparer()
        .prepare(
            request(wish, provider),
            sandbox -> {
              sandboxId.set(sandbox.id());
              hold.hold(sandbox);
            },
            message -> progress.step(provider.id(), sandboxId.get(), message));
  }

  /** Takes over the sandbox with an id. */
  PreparedSandbox adopt(Wish wish, String provider, String id)
      throws IOException, InterruptedException {
    PreparedSandbox adopted =
        source.preparer().adopt(request(wish, source.selection().select(provider)), id);
    hold.hold(adopted.sandbox());
    return adopted;
  }

  private PrepareRequest request(Wish wish, SandboxProvider provider)
      throws IOException, InterruptedException {
    return new PrepareRequest(
        scope.id(),
        wish.generation(),
        provider,
        scope.architecture(),
        scope.profile(),
        wish.options(),
        wish.nativeId(),
        scope.storage().transcript(),
        scope.workspace(),
        scope.mask());
  }
}
