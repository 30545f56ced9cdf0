// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.testkit.DocsTable;
import io.agentruntime.testkit.TestProviderContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSettingsTest {
  @TempDir Path folder;

  @Test
  void theDocumentedSettingsAreThoseThatAreReadWithTheirDefaults() throws IOException {
    Map<String, String> documented =
        DocsTable.read("operators.md", "| setting `sandbox.local.…` |");

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
}
