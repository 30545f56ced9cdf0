// SPDX-License-Identifier: MIT

package io.agentruntime.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A table of this project's documentation, for tests that compare it with what the code reads. */
public final class DocsTable {
  private DocsTable() {}

  /**
   * The second column by the first one, whose code marks are taken off.
   *
   * @param page below {@code docs}, from a module's folder
   * @param head how the table's first line begins
   * @throws AssertionError when there is no such table
   */
  public static Map<String, String> read(String page, String head) throws IOException {
    Map<String, String> rows = new TreeMap<>();
    Files.readAllLines(Path.of("../docs", page)).stream()
        .dropWhile(line -> !line.startsWith(head))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|", -1))
        .forEach(row -> rows.put(row[1].strip().replace("`", ""), row[2].strip()));
    if (rows.isEmpty()) {
      throw new AssertionError(page + " has no table that begins '" + head + "'");
    }
    return rows;
  }
}
