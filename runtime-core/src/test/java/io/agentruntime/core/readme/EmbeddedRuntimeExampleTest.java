// SPDX-License-Identifier: MIT

package io.agentruntime.core.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.CreateSession;
import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.Provider;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.sandbox.FakeSandboxProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example of the library, which is the region between the two tags. */
class EmbeddedRuntimeExampleTest {
  @TempDir Path folder;

  @Test
  void theExampleOfTheReadmeRunsOneTurn() throws InterruptedException {
    List<SessionEvent> events = new ArrayList<>();
    List<Provider> providers = List.of(new FakeSandboxProvider(), new ScriptedArchitecture());

    try (AgentRuntime runtime = AgentRuntime.start(config(), providers)) {
      runOneTurn(runtime, "scripted", "say hello then write a.txt some text", events);
    }

    assertThat(events)
        .hasAtLeastOneElementOfType(SessionEvent.BlockCompleted.class)
        .hasAtLeastOneElementOfType(SessionEvent.TurnCompleted.class);
  }

  private RuntimeConfig config() {
    // tag::config[]
    RuntimeConfig config =
        RuntimeConfig.builder(folder)
            .profiles(ProfileSource.of(List.of(AgentProfile.named("default", "Default"))))
            .build();
    // end::config[]
    return config;
  }

  private static void runOneTurn(
      AgentRuntime runtime, String architecture, String prompt, List<SessionEvent> events)
      throws InterruptedException {
    // tag::turn[]
    Session session = runtime.sessions().create(CreateSession.of(architecture, "default"));
    session.send(MessageRequest.text(prompt));
    try (EventFeed feed = session.feed(0)) { // everything after event 0
      boolean ended = false;
      while (!ended) {
        FeedBatch batch = feed.next(Duration.ofMinutes(5));
        ended = batch.ended() || batch.events().isEmpty();
        for (EventEnvelope envelope : batch.events()) {
          events.add(envelope.event());
          ended |=
              envelope.event() instanceof SessionEvent.TurnCompleted
                  || envelope.event() instanceof SessionEvent.TurnFailed;
        }
      }
    }
    // end::turn[]
  }
}
