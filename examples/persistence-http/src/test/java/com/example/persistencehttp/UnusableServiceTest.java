package com.example.persistencehttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.Secret;
import io.agentruntime.testkit.TestProviderContext;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a service is said by code, and by the name of the setting. */
class UnusableServiceTest {
  @TempDir Path folder;

  private TestProviderContext context(String url, Map<String, Secret> secrets) {
    return new TestProviderContext(
        "test", folder, InstantSource.system(), Map.of("url", url), secrets);
  }

  @Test
  void aServiceThatIsNotThereIsRefusedAtOpen() {
    try (HttpPersistenceAdapter adapter = new HttpPersistenceAdapter()) {
      assertThatThrownBy(() -> adapter.open(context("http://127.0.0.1:1/v1", Map.of())))
          .hasMessageContaining("'url'")
          .hasMessageContaining("127.0.0.1:1");
    }
  }

  @Test
  void theTokenIsSentAndIsInNoMessage() throws Exception {
    try (RestBackEnd backEnd = new RestBackEnd(folder, "right");
        HttpPersistenceAdapter adapter = new HttpPersistenceAdapter()) {
      Map<String, Secret> wrong = Map.of("PERSISTENCE_HTTP_TOKEN", Secret.of("wrong-secret"));
      assertThatThrownBy(() -> adapter.open(context(backEnd.url(), wrong)))
          .hasMessageContaining("401")
          .message()
          .doesNotContain("wrong-secret");
      adapter.open(context(backEnd.url(), Map.of("PERSISTENCE_HTTP_TOKEN", Secret.of("right"))));
      assertThat(adapter.loadAgentProfile("kept")).isPresent();
    }
  }

  @Test
  void aServiceThatWentAwayMayBeTriedAgain() throws Exception {
    try (HttpPersistenceAdapter adapter = new HttpPersistenceAdapter()) {
      try (RestBackEnd backEnd = new RestBackEnd(folder, "")) {
        adapter.open(context(backEnd.url(), Map.of()));
        assertThat(adapter.health()).isEmpty();
      }
      assertThatThrownBy(() -> adapter.loadSession(new SessionId("any")))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code()).isEqualTo(StandardError.STORE_UNAVAILABLE));
      assertThat(adapter.health()).hasSize(1);
    }
  }
}
