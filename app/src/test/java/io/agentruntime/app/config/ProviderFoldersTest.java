// SPDX-License-Identifier: MIT

package io.agentruntime.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderFoldersTest {
  private static final String SERVICE =
      "META-INF/services/io.agentruntime.spi.sandbox.SandboxProvider";

  @TempDir Path temporary;
  private Path built;
  private Path further;

  @BeforeEach
  void make() throws IOException {
    built = Files.createDirectory(temporary.resolve("built"));
    further = Files.createDirectory(temporary.resolve("further"));
  }

  private Map<String, String> environment() {
    return Map.of(
        "AGENT_RUNTIME_PROVIDER_PLACES",
        built + ":" + further + ":" + temporary.resolve("not there"));
  }

  private ProviderFolders folders() {
    return ProviderFolders.of(environment());
  }

  private static void jar(Path file, String entry) throws IOException {
    Files.createDirectories(file.getParent());
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      jar.putNextEntry(new JarEntry(entry));
      jar.closeEntry();
    }
  }

  @Test
  void providersWithTheirLibrariesAreAsTheyShouldBe() throws Exception {
    jar(built.resolve("mine/mine.jar"), SERVICE);
    jar(built.resolve("mine/library.jar"), "some/Type.class");
    jar(further.resolve("yours.jar"), SERVICE);
    jar(further.resolve("its-library.jar"), "some/Type.class");
    Files.writeString(further.resolve("README.md"), "not a jar, and nobody takes it for one");
    Files.writeString(built.resolve("mine/provider.properties"), "# alone\nisolated = true\n");

    folders().requireKnownProperties();
    assertThat(folders().oddities()).isEmpty();
    assertThat(ProviderFolders.of(Map.of()).oddities()).isEmpty();
  }

  @Test
  void whatGivesNoProviderIsNamedWithTheReason() throws Exception {
    Files.createDirectory(built.resolve("empty"));
    jar(built.resolve("deep/provider/deep.jar"), SERVICE);
    jar(built.resolve("library/library.jar"), "some/Type.class");
    Files.createDirectory(built.resolve("torn"));
    Files.writeString(built.resolve("torn/torn.jar"), "junk");
    jar(further.resolve("loose.jar"), "some/Type.class");

    assertThat(folders().oddities())
        .satisfiesExactly(
            deep -> assertThat(deep).contains("deep gives no", "folders below it are not"),
            empty -> assertThat(empty).contains("empty gives no").endsWith("it holds no jar"),
            library -> assertThat(library).contains("library gives", "[library.jar] names one"),
            torn -> assertThat(torn).contains("torn.jar gives no provider: it is no jar ("),
            loose -> assertThat(loose).contains("further gives no provider", "[loose.jar]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"isolate=true", "isolated=maybe", "isolated=", "isolated=\\u00"})
  void aPropertyThatNobodyUnderstandsStopsTheStart(String text) throws Exception {
    jar(further.resolve("mine/mine.jar"), SERVICE);
    Path file = further.resolve("mine/provider.properties");
    Files.writeString(file, text);

    assertThatThrownBy(
            () -> Configuration.read(List.of(), environment(), new Properties(), Map.of()))
        .hasMessageContaining(file.toString())
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).isEqualTo(StandardError.CONFIGURATION));
  }
}
