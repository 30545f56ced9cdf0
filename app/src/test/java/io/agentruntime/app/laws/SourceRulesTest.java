// SPDX-License-Identifier: MIT

package io.agentruntime.app.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What only the text of the sources shows. */
class SourceRulesTest {
  private static final Path ROOT = Path.of("..");

  @Test
  void testsDoNotSleep() throws IOException {
    assertThat(linesWith("(Thread|TimeUnit\\.[A-Z]+)\\.sleep\\(", "src/test/java")).isEmpty();
  }

  @Test
  void testsUseNoMockingLibrary() throws IOException {
    assertThat(linesWith("import (static )?(org\\.mockito|org\\.easymock)\\.", "src/test/java"))
        .isEmpty();
  }

  @Test
  void whatIsLeftToDoNamesItsIssue() throws IOException {
    List<String> open = linesWith("//.*\\b(TODO|FIXME|XXX)\\b", "src/main/java");
    open.addAll(linesWith("//.*\\b(TODO|FIXME|XXX)\\b", "src/test/java"));

    assertThat(open).allMatch(line -> line.matches(".*#[0-9]+.*"));
  }

  /** Matching lines of all modules, each with its file. */
  private static List<String> linesWith(String regex, String folder) throws IOException {
    Pattern pattern = Pattern.compile(regex);
    List<String> found = new ArrayList<>();
    for (Path file : javaFilesIn(folder)) {
      for (String line : Files.readAllLines(file)) {
        if (pattern.matcher(line).find() && !file.endsWith("SourceRulesTest.java")) {
          found.add(file + ": " + line.strip());
        }
      }
    }
    return found;
  }

  private static List<Path> javaFilesIn(String folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.filter(m -> Files.isDirectory(m.resolve(folder))).toList()) {
        try (Stream<Path> tree = Files.walk(module.resolve(folder))) {
          tree.filter(f -> f.toString().endsWith(".java")).forEach(files::add);
        }
      }
    }
    assertThat(files).isNotEmpty();
    return files;
  }
}
