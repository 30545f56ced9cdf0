// SPDX-License-Identifier: MIT

package io.agentruntime.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings file that comes with an installation. */
class ConfigurationFileTest {
  private static final Path FILE = Path.of("src/dist/conf/agent-runtime.yaml");

  @TempDir Path folder;

  @Test
  void itHasEverySettingWithItsMeaningAndDefault() throws IOException {
    StringBuilder expected = new StringBuilder();
    for (Setting setting : Setting.values()) {
      expected.append("\n  # ").append(setting.meaning()).append("\n  #").append(setting.key());
      expected.append(':');
      setting.defaultValue().ifPresent(value -> expected.append(' ').append(quoted(value)));
      expected.append('\n');
    }

    assertThat(Files.readString(FILE)).contains(expected);
  }

  @Test
  void asItComesItChangesNothing() {
    assertThat(read(FILE).listen()).isEqualTo(defaults().listen());
    assertThat(read(FILE).sessions().timing()).isEqualTo(defaults().sessions().timing());
  }

  @Test
  void withEverySettingSwitchedOnItMeansTheSame() throws IOException {
    String on =
        Files.readString(FILE).lines().filter(line -> !line.endsWith(":")).toList().stream()
            .map(line -> line.replaceFirst("^  #(?=[a-z])", "  "))
            .reduce("", (text, line) -> text + line + '\n');
    Path file = Files.writeString(folder.resolve("on.yaml"), "agent-runtime:\n" + on);

    assertThat(read(file).sessions().timing()).isEqualTo(defaults().sessions().timing());
    assertThat(read(file).limits()).isEqualTo(defaults().limits());
    assertThat(read(file).corsOrigins()).isEqualTo(defaults().corsOrigins());
    assertThat(read(file).sessions().workspace()).isEqualTo(defaults().sessions().workspace());
  }

  private static String quoted(String value) {
    return value.matches("[a-z0-9.]+") ? value : '"' + value + '"';
  }

  private static ServerConfig defaults() {
    return read(List.of());
  }

  private static ServerConfig read(Path file) {
    return read(List.of("--config", file.toString()));
  }

  private static ServerConfig read(List<String> arguments) {
    return Configuration.read(
            arguments,
            Map.of(),
            new Properties(),
            Map.of(
                "sandbox",
                Set.of("docker"),
                "persistence",
                Set.of("jdbc"),
                "architecture",
                Set.of()))
        .orElseThrow();
  }
}
