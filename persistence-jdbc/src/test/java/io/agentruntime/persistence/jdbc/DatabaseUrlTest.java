// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.Secret;
import io.agentruntime.testkit.TestProviderContext;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseUrlTest {
  private static JdbcSettings settings(Map<String, String> settings) {
    return JdbcSettings.of(
        TestProviderContext.in(Path.of("/data"), InstantSource.system()).with(settings));
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:sqlite:/data/x.db, SQLITE",
    "jdbc:sqlite:relative.db, SQLITE",
    "jdbc:sqlite:C:/data/x.db, SQLITE",
    "jdbc:h2:/data/x, H2",
    "jdbc:h2:file:~/x;CACHE_SIZE=8192, H2",
    "jdbc:h2:file:C:/data/x, H2",
    "jdbc:postgresql://host:5432/db?sslmode=require, POSTGRESQL",
    "jdbc:mariadb://host/db, MARIADB",
    "jdbc:mysql://host/db, MYSQL"
  })
  void theUrlAloneChoosesTheDatabase(String url, Engine engine) {
    assertThat(DatabaseUrl.parse(url).engine()).isEqualTo(engine);
    assertThat(DatabaseUrl.parse(url).url()).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sqlite:/x",
        "jdbc:oracle:thin:@host",
        "postgres://host/db",
        "jdbc:sqlite:",
        "jdbc:sqlite::memory:",
        "jdbc:sqlite:file::memory:?cache=shared",
        "jdbc:sqlite:file:x?mode=memory",
        "jdbc:sqlite:x.db?synchronous=OFF",
        "jdbc:sqlite::resource:x.db",
        "jdbc:h2:",
        "jdbc:h2:mem:x",
        "jdbc:h2:tcp://host/x",
        "jdbc:h2:nioMemFS:x",
        "jdbc:h2:zip:x.zip!/x",
        "jdbc:h2:/data/x;write_delay=500",
        "jdbc:h2:/data/x;MODE=MySQL",
        "jdbc:postgresql:db",
        "jdbc:mariadb://user:hunter2@host/db"
      })
  void whatCannotKeepThePromisesIsRefused(String url) {
    AgentRuntimeException refusal =
        catchThrowableOfType(AgentRuntimeException.class, () -> DatabaseUrl.parse(url));
    assertThat(refusal.code()).isEqualTo(StandardError.CONFIGURATION);
    assertThat(refusal).hasMessageContaining("url").hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://h/d?password=hunter2, jdbc:postgresql://h/d",
    "jdbc:postgresql://h/d?user=x&password=hunter2&ssl=true, jdbc:postgresql://h/d?user=x&ssl=true",
    "jdbc:postgresql://h/d?Password=hunter2&ssl=true, jdbc:postgresql://h/d?ssl=true",
    "jdbc:mariadb://h/d?user=x&pwd=hunter2, jdbc:mariadb://h/d?user=x",
    "jdbc:h2:/x;USER=sa;PASSWORD=hunter2, jdbc:h2:/x;USER=sa",
    "jdbc:h2:/x;PASSWORD=hunter2;CACHE_SIZE=1, jdbc:h2:/x;CACHE_SIZE=1"
  })
  void aPasswordIsTakenOutOfTheUrl(String given, String shown) {
    DatabaseUrl url = DatabaseUrl.parse(given);
    assertThat(url.url()).isEqualTo(shown);
    assertThat(url).hasToString(shown);
    assertThat(Objects.requireNonNull(url.password()).reveal()).isEqualTo("hunter2");
  }

  @Test
  void withoutSettingsItIsAFileInTheProvidersFolder() {
    JdbcSettings settings = settings(Map.of());
    assertThat(settings.url().url()).isEqualTo("jdbc:sqlite:/data/agent-runtime.db");
    assertThat(settings.password()).isNull();
  }

  @Test
  void noPasswordIsShownWhereverItComesFrom() {
    String url = "jdbc:postgresql://h/d";
    for (Map<String, String> given :
        List.of(
            Map.of("url", url, "username", "u", "password", "hunter2"),
            Map.of("url", url + "?password=hunter2", "username", "u"))) {
      JdbcSettings settings = settings(given);
      assertThat(settings.toString()).doesNotContain("hunter2");
      assertThat(Objects.requireNonNull(settings.password()).reveal()).isEqualTo("hunter2");
    }
    TestProviderContext context =
        new TestProviderContext(
            "test",
            Path.of("/data"),
            InstantSource.system(),
            Map.of("url", url),
            Map.of("AGENT_RUNTIME_JDBC_PASSWORD", Secret.of("hunter2")));
    assertThat(Objects.requireNonNull(JdbcSettings.of(context).password()).reveal())
        .isEqualTo("hunter2");
  }

  @ParameterizedTest
  @CsvSource({"pool-size, 1", "pool-size, x", "pool-size, 1000", "timeout-ms, 0"})
  void aWrongSettingIsRefusedByName(String key, String value) {
    AgentRuntimeException refusal =
        catchThrowableOfType(AgentRuntimeException.class, () -> settings(Map.of(key, value)));
    assertThat(refusal.code()).isEqualTo(StandardError.CONFIGURATION);
    assertThat(refusal).hasMessageContaining(key);
  }

  @Test
  void aServerThatIsNotThereIsNamedWithoutThePassword() {
    TestStore store =
        TestStore.on(
            Path.of("/data"),
            Map.of(
                "url",
                "jdbc:postgresql://127.0.0.1:1/db?password=hunter2",
                "username",
                "u",
                "timeout-ms",
                "250"));
    AgentRuntimeException refusal = catchThrowableOfType(AgentRuntimeException.class, store::open);
    assertThat(refusal.code()).isEqualTo(StandardError.STORE_UNAVAILABLE);
    assertThat(refusal).hasMessageContaining("jdbc:postgresql://127.0.0.1:1/db");
    for (Throwable e = refusal; e != null; e = e.getCause()) {
      assertThat(String.valueOf(e)).doesNotContain("hunter2");
    }
  }
}
