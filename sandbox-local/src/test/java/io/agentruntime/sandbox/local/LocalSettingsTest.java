package io.agentruntime.sandbox.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.testkit.sandbox.TestProviderContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSettingsTest {
  @TempDir Path folder;

  @Test
  void theDocumentedSettingsAreThoseThatAreReadWithTheirDefaults() throws IOException {
    Map<String, String> documented = documented("| setting `sandbox.local.…` |");

    assertThat(documented).containsOnlyKeys(LocalSettings.KEYS.toArray(String[]::new));
    LocalSettings usual = settings(Map.of());
    documented.forEach(
        (key, text) ->
            assertThat(settings(Map.of(key, text.replace("`", "")))).as(key).isEqualTo(usual));
  }

  private LocalSettings settings(Map<String, String> settings) {
    return LocalSettings.of(
        new TestProviderContext("test", folder, InstantSource.system(), settings));
  }

  /** The first two columns of the table whose head begins so. */
  private static Map<String, String> documented(String head) throws IOException {
    Map<String, String> rows = new TreeMap<>();
    Files.readAllLines(Path.of("../docs/operators.md")).stream()
        .dropWhile(line -> !line.startsWith(head))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|"))
        .forEach(row -> rows.put(row[1].strip().replace("`", ""), row[2].strip()));
    return rows;
  }
}
