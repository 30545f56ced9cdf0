// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.core.session.Session;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.spi.Provider;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.sandbox.FakeSandboxProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A runtime on fakes and the in-memory store, and ways to wait for what it does. */
public final class RuntimeFixture implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final FakeSandboxProvider sandboxes;
  private final AgentRuntime runtime;

  private RuntimeFixture(FakeSandboxProvider sandboxes, AgentRuntime runtime) {
    this.sandboxes = sandboxes;
    this.runtime = runtime;
  }

  public static RuntimeFixture start(Path folder) throws InterruptedException {
    return start(folder, config -> config);
  }

  public static RuntimeFixture start(Path folder, UnaryOperator<RuntimeConfig.Builder> change)
      throws InterruptedException {
    return start(folder, change, new ScriptedArchitecture(), List.of());
  }

  public static RuntimeFixture start(
      Path folder,
      UnaryOperator<RuntimeConfig.Builder> change,
      ScriptedArchitecture architecture,
      List<? extends Provider> further)
      throws InterruptedException {
    FakeSandboxProvider sandboxes = new FakeSandboxProvider();
    List<Provider> providers = new ArrayList<>(further);
    providers.add(sandboxes);
    providers.add(architecture);
    RuntimeConfig.Builder config =
        RuntimeConfig.builder(folder)
            .secrets(SecretSource.of(java.util.Map.of()))
            .interruptGrace(Duration.ofSeconds(2))
            .profiles(
                ProfileSource.of(
                    List.of(
                        AgentProfile.named("default", "Default"),
                        asking(AgentProfile.named("asking", "Asking")))));
    return new RuntimeFixture(
        sandboxes, AgentRuntime.start(change.apply(config).build(), providers));
  }

  public AgentRuntime runtime() {
    return runtime;
  }

  public FakeSandboxProvider sandboxes() {
    return sandboxes;
  }

  /** The profile with the policy that the client is asked for permissions. */
  public static AgentProfile asking(AgentProfile profile) {
    return new AgentProfile(
        profile.id(),
        profile.name(),
        profile.description(),
        profile.systemPrompt(),
        profile.rules(),
        profile.tools(),
        profile.skills(),
        profile.subagents(),
        profile.commands(),
        profile.mcpServers(),
        profile.npmDependencies(),
        profile.pipDependencies(),
        profile.environment(),
        profile.workspaceFiles(),
        profile.plugins(),
        profile.hooks(),
        PermissionPolicy.ASK,
        profile.defaultOptions(),
        profile.architecture(),
        profile.sandbox());
  }

  public Session create() throws InterruptedException {
    return runtime.sessions().create(CreateSession.of("scripted", "default"));
  }

  /** Everything from the beginning up to the first event that matches. */
  public static List<EventEnvelope> until(Session session, Predicate<SessionEvent> last)
      throws InterruptedException {
    return until(session, 0, last);
  }

  /** Everything after a number up to the first event that matches. */
  public static List<EventEnvelope> until(Session session, long after, Predicate<SessionEvent> last)
      throws InterruptedException {
    List<EventEnvelope> events = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (EventFeed feed = session.feed(after)) {
      while (true) {
        FeedBatch batch = feed.next(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        assertThat(batch.reset()).as("the feed began again").isFalse();
        for (EventEnvelope envelope : batch.events()) {
          events.add(envelope);
          if (last.test(envelope.event())) {
            return events;
          }
        }
        if (batch.ended() || System.nanoTime() >= deadline) {
          throw new AssertionError("never came; there was " + summary(events));
        }
      }
    }
  }

  /** The events of the first turns up to the end of the n-th. */
  public static List<EventEnvelope> untilTurnEnds(Session session, int n)
      throws InterruptedException {
    int[] left = {n};
    return until(session, event -> isTurnEnd(event) && --left[0] == 0);
  }

  public static boolean isTurnEnd(SessionEvent event) {
    return event instanceof SessionEvent.TurnCompleted
        || event instanceof SessionEvent.TurnFailed
        || event instanceof SessionEvent.TurnInterrupted;
  }

  /** The kinds of events in order. */
  public static List<String> summary(List<EventEnvelope> events) {
    return events.stream().map(e -> e.event().getClass().getSimpleName()).toList();
  }

  /** The events of one kind. */
  public static <E extends SessionEvent> List<E> only(List<EventEnvelope> events, Class<E> kind) {
    return events.stream()
        .map(EventEnvelope::event)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  @Override
  public void close() {
    runtime.close();
    assertThat(sandboxes.live()).as("sandboxes that were left").isEmpty();
  }
}
