// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** In an installation a provider is a folder: without the folder it is gone, and it alone. */
class ProviderFoldersIT {
  private static final Path INSTALLATION = Path.of("target/installation");
  private static final List<String> KINDS =
      List.of(
          "io.agentruntime.spi.architecture.AgentArchitecture",
          "io.agentruntime.spi.persistence.PersistenceAdapter",
          "io.agentruntime.spi.sandbox.SandboxProvider");

  @Test
  void eachFolderRegistersOneProviderThatNoOtherFolderRegisters() throws Exception {
    Map<String, List<String>> registered = new TreeMap<>();
    try (Stream<Path> folders = Files.list(INSTALLATION.resolve("providers"))) {
      for (Path folder : folders.toList()) {
        registered.put(folder.getFileName().toString(), providers(folder));
      }
    }

    assertThat(registered).isNotEmpty().allSatisfy((folder, ids) -> assertThat(ids).hasSize(1));
    assertThat(registered.values().stream().flatMap(List::stream)).doesNotHaveDuplicates();
  }

  /** Kind and id of all that the folder's jars register, alone with what the server shares. */
  private static List<String> providers(Path folder) throws Exception {
    List<URL> jars = new ArrayList<>(jars(folder));
    jars.addAll(jars(INSTALLATION.resolve("lib")));
    List<String> ids = new ArrayList<>();
    try (URLClassLoader loader =
        new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      for (String kind : KINDS) {
        Class<?> spi = loader.loadClass(kind);
        for (Object provider : ServiceLoader.load(spi, loader)) {
          ids.add(spi.getSimpleName() + " " + spi.getMethod("id").invoke(provider));
        }
      }
    }
    return ids;
  }

  private static List<URL> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<URL> jars = new ArrayList<>();
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
        jars.add(jar.toUri().toURL());
      }
      return jars;
    }
  }
}
