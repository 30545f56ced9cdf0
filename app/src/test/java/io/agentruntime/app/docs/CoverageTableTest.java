// SPDX-License-Identifier: MIT

package io.agentruntime.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.ArchitectureCapability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The coverage table is what the architectures declare, which the contract suite proves. */
class CoverageTableTest {
  private static final Path PAGE = Path.of("../docs/architectures/coverage.md");

  private static final List<AgentArchitecture> ARCHITECTURES =
      ServiceLoader.load(AgentArchitecture.class).stream()
          .map(ServiceLoader.Provider::get)
          .filter(found -> found.getClass().getName().startsWith("io.agentruntime.architecture."))
          .sorted(Comparator.comparing(AgentArchitecture::id))
          .toList();

  @Test
  void theTableIsWhatIsDeclared() throws IOException {
    String table =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("|"))
            .collect(Collectors.joining("\n"));

    assertThat(table).as("the table in %s; take the expected one", PAGE).isEqualTo(expected());
  }

  private static String expected() {
    Stream<String> head =
        Stream.of(
            row("capability", ARCHITECTURES.stream().map(each -> "`" + each.id() + "`")),
            row("---", ARCHITECTURES.stream().map(each -> "---")));
    Stream<String> rows =
        Stream.of(ArchitectureCapability.values())
            .map(
                capability ->
                    row(
                        "`" + capability + "`",
                        ARCHITECTURES.stream()
                            .map(each -> each.capabilities().contains(capability) ? "yes" : "")));
    return Stream.concat(head, rows).collect(Collectors.joining("\n"));
  }

  private static String row(String first, Stream<String> cells) {
    return Stream.concat(Stream.of(first), cells).collect(Collectors.joining(" | ", "| ", " |"));
  }
}
