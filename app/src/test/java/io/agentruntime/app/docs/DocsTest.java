// SPDX-License-Identifier: MIT

package io.agentruntime.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The documents say what is so: snippets are compiled code, paths exist, settings are all there.
 */
class DocsTest {
  private static final Path ROOT = Path.of("..");
  private static final String EXAMPLE =
      "runtime-core/src/test/java/io/agentruntime/core/readme/EmbeddedRuntimeExampleTest.java";

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  /** Where servers and builds put things: may be there or not. */
  private static final Set<String> MADE = Set.of(".runtime", "data", "target");

  private static final Pattern SNIPPET =
      Pattern.compile("<!-- snippet: (\\S+)#(\\S+) -->\n\n```[a-z]*\n(.*?)\n```", Pattern.DOTALL);

  private static final Pattern CODE = Pattern.compile("`([^`\\s]+)`");

  @Test
  void theReadmeShowsTheCompiledExample() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    String example = Files.readString(ROOT.resolve(EXAMPLE));

    assertThat(readme).contains(region(example, "config")).contains(region(example, "turn"));
  }

  /** The profiles are those that the integration tests run real programs with. */
  @Test
  void profilesAreShownAsTheyAreRun() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/architectures/acp.md"));
    List<String> shown = matches(Pattern.compile("<!-- profile: (\\S+) -->"), page);

    assertThat(shown).hasSize(2);
    for (String profile : shown) {
      assertThat(page)
          .contains("```json\n" + Files.readString(ROOT.resolve(profile)).strip() + "\n```");
    }
  }

  /**
   * A comment {@code snippet: FILE#TAG} stands before the block that shows this part of the file.
   */
  @Test
  void snippetsAreWhatTheExamplesSay() throws IOException {
    List<String> wrong = new ArrayList<>();
    int shown = 0;
    for (Path document : documents()) {
      Matcher snippet = SNIPPET.matcher(Files.readString(document));
      while (snippet.find()) {
        shown++;
        String source = Files.readString(ROOT.resolve(snippet.group(1)));
        if (!snippet.group(3).strip().equals(region(source, snippet.group(2)).strip())) {
          wrong.add(ROOT.relativize(document) + ": " + snippet.group(1) + "#" + snippet.group(2));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(shown).isGreaterThan(10);
  }

  @Test
  void everyLinkedFileExists() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path document : documents()) {
      for (String link : matches(LINK, Files.readString(document))) {
        String path = link.replaceFirst("#.*", "");
        if (!path.contains("://")
            && !path.isEmpty()
            && !Files.exists(document.resolveSibling(path))) {
          dead.add(ROOT.relativize(document) + ": " + link);
        }
      }
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void everyPathThatIsNamedExists() throws IOException {
    List<String> topLevel = topLevel();
    List<String> dead = new ArrayList<>();
    for (Path document : documents()) {
      for (String name : matches(CODE, Files.readString(document))) {
        boolean isPath =
            topLevel.stream().anyMatch(entry -> name.equals(entry) || name.startsWith(entry + "/"));
        boolean isPattern = name.matches(".*[*<>{}:…].*");
        if (isPath && !isPattern && !Files.exists(ROOT.resolve(name))) {
          dead.add(ROOT.relativize(document) + ": " + name);
        }
      }
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void theOperatorsPageNamesEverySettingWithItsDefault() throws IOException {
    List<String> rows =
        Files.readAllLines(ROOT.resolve("docs/operators.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();
    for (Setting setting : Setting.values()) {
      String value = setting.defaultValue().map(text -> "`" + text + "`").orElse("");
      assertThat(rows)
          .as("row of %s", setting.key())
          .anyMatch(
              row -> row.startsWith("| `" + setting.key() + "` | " + value) && row.length() > 40);
    }
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(
              Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
              files.filter(file -> file.toString().endsWith(".md")))
          .sorted()
          .toList();
    }
  }

  private static List<String> topLevel() throws IOException {
    try (Stream<Path> entries = Files.list(ROOT)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !MADE.contains(name))
          .toList();
    }
  }

  private static List<String> matches(Pattern pattern, String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  /** The lines between the tags, indented as little as possible. */
  private static String region(String source, String tag) {
    int from = source.indexOf('\n', source.indexOf(" tag::" + tag + "[]")) + 1;
    int to = source.lastIndexOf('\n', source.indexOf(" end::" + tag + "[]"));
    return source
        .substring(from, to)
        .stripTrailing()
        .stripIndent()
        .lines()
        .collect(Collectors.joining("\n"));
  }
}
