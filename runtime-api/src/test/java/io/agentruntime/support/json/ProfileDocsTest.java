// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page on profiles names every field that is read, and no other. */
class ProfileDocsTest {
  private static final Path PAGE = Path.of("../docs/profiles.md");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern KNOWN = Pattern.compile("known here are \\[([^\\]]*)\\]");

  private static final Map<String, Object> FILE = Map.of("path", "a", "content", "");
  private static final Map<String, Object> MARKETPLACE = Map.of("type", "github");

  @ParameterizedTest
  @CsvSource({
    "## The profile, ''",
    "## A rule, rules",
    "## A skill, skills",
    "## A subagent, subagents",
    "## A command, commands",
    "`stdio`:, stdio",
    "`http` or `sse`:, http",
    "`bundled`:, bundled",
    "## A file, defaultWorkspaceFiles",
    "## A plugin, plugins"
  })
  void aTableNamesTheFieldsThatAreRead(String anchor, String object) throws IOException {
    assertThat(documented(anchor)).isEqualTo(known(object));
  }

  /** The names in the first column of the first table after some text. */
  private static Set<String> documented(String anchor) throws IOException {
    String page = Files.readString(PAGE);
    assertThat(page).contains(anchor + "\n");
    List<String> rows =
        page.substring(page.indexOf(anchor + "\n"))
            .lines()
            .dropWhile(line -> !line.startsWith("|"))
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    Set<String> names = new TreeSet<>();
    for (String row : rows) {
      Matcher matcher = CODE.matcher(row.split("\\|")[1]);
      while (matcher.find()) {
        names.add(matcher.group(1));
      }
    }
    return names;
  }

  /** What the reader says it knows where it meets a field that it does not. */
  private static Set<String> known(String object) {
    Throwable refusal = catchThrowable(() -> ProfileMaps.read(profileWithUnknownField(object)));
    assertThat(refusal).hasMessageContaining("nobodyKnowsThis: unknown field");
    Matcher matcher = KNOWN.matcher(String.valueOf(refusal.getMessage()));
    assertThat(matcher.find()).isTrue();
    return new TreeSet<>(List.of(matcher.group(1).split(", ")));
  }

  private static Map<String, Object> profileWithUnknownField(String object) {
    Map<String, Object> profile = new HashMap<>(Map.of("id", "a", "name", "A"));
    Map<String, Object> least =
        switch (object) {
          case "" -> profile;
          case "rules", "skills" -> Map.of("name", "a", "content", "");
          case "subagents", "commands" -> Map.of("name", "a", "prompt", "");
          case "stdio" -> Map.of("name", "a", "type", "stdio", "command", "a");
          case "http" -> Map.of("name", "a", "type", "http", "url", "https://example.com");
          case "bundled" -> Map.of("name", "a", "type", "bundled", "startCommand", "a");
          case "defaultWorkspaceFiles" -> FILE;
          case "plugins" -> Map.of("name", "a", "marketplace", MARKETPLACE);
          default -> throw new IllegalArgumentException(object);
        };
    Map<String, Object> wrong = new HashMap<>(least);
    wrong.put("nobodyKnowsThis", true);
    if (object.isEmpty()) {
      return wrong;
    }
    boolean isServer = Set.of("stdio", "http", "bundled").contains(object);
    profile.put(isServer ? "mcpServers" : object, List.of(wrong));
    return profile;
  }
}
