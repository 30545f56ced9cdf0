// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.Secret;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A database's URL, checked, and without any secret: where something may show, or keep, a URL, it
 * shows and keeps this one. Immutable.
 *
 * @param engine what it points at
 * @param url as given, without password
 * @param password what was in it, null if nothing
 */
record DatabaseUrl(Engine engine, String url, @Nullable Secret password) {
  private static final Pattern PASSWORD =
      Pattern.compile("([?&;])(password|pwd)=([^&;]*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern USER_INFO = Pattern.compile("//[^/?;]*@");
  private static final String KNOWN =
      "jdbc:sqlite:, jdbc:h2:, jdbc:postgresql:, jdbc:mariadb: or jdbc:mysql:";

  /** H2 settings that would take away what this provider promises. */
  private static final List<String> H2_REFUSED =
      List.of("WRITE_DELAY", "MODE", "LOG", "DATABASE_TO_UPPER", "CASE_INSENSITIVE_IDENTIFIERS");

  /** Reads a URL; refuses what this provider does not keep its promises with. */
  static DatabaseUrl parse(String given) {
    String text = given.strip();
    Matcher inside = PASSWORD.matcher(text);
    String password = inside.find() ? inside.group(3) : null;
    if (USER_INFO.matcher(text).find()) {
      throw refused("no user or password before the host: use the settings username and password");
    }
    String url = password == null ? text : withoutPassword(text);
    Engine engine = engine(url);
    switch (engine) {
      case SQLITE -> checkSqlite(url.substring("jdbc:sqlite:".length()));
      case H2 -> checkH2(url.substring("jdbc:h2:".length()));
      case POSTGRESQL, MARIADB, MYSQL -> checkServer(url);
    }
    return new DatabaseUrl(engine, url, password == null ? null : Secret.of(password));
  }

  private static String withoutPassword(String url) {
    String removed = PASSWORD.matcher(url).replaceAll("$1");
    return removed.replaceAll("([?&;])&+", "$1").replaceAll(";{2,}", ";").replaceAll("[?&;]$", "");
  }

  private static Engine engine(String url) {
    if (url.startsWith("jdbc:sqlite:")) {
      return Engine.SQLITE;
    }
    if (url.startsWith("jdbc:h2:")) {
      return Engine.H2;
    }
    if (url.startsWith("jdbc:postgresql:")) {
      return Engine.POSTGRESQL;
    }
    if (url.startsWith("jdbc:mariadb:")) {
      return Engine.MARIADB;
    }
    if (url.startsWith("jdbc:mysql:")) {
      return Engine.MYSQL;
    }
    throw refused("it must begin with " + KNOWN);
  }

  private static void checkSqlite(String file) {
    String lower = file.toLowerCase(Locale.ROOT);
    if (file.isBlank()
        || lower.contains(":memory:")
        || lower.contains("mode=memory")
        || lower.startsWith(":resource:")) {
      throw refused(
          "SQLite needs a file, as in jdbc:sqlite:/var/lib/agent-runtime.db; to keep nothing, use"
              + " the adapter 'memory'");
    }
    if (file.startsWith("file:") || file.indexOf('?') >= 0) {
      throw refused("SQLite takes the path of a file and no options: all that matter are set");
    }
  }

  private static void checkH2(String rest) {
    String[] parts = rest.split(";", -1);
    String file = parts[0].startsWith("file:") ? parts[0].substring("file:".length()) : parts[0];
    // A scheme before the path; a drive letter is none.
    if (file.isBlank() || file.matches("(?s)[A-Za-z][A-Za-z0-9]+:.*")) {
      throw refused(
          "H2 only as a file of this process, as in jdbc:h2:file:/var/lib/agent-runtime; to keep"
              + " nothing, use the adapter 'memory'");
    }
    for (int i = 1; i < parts.length; i++) {
      String key = parts[i].split("=", 2)[0].strip().toUpperCase(Locale.ROOT);
      if (H2_REFUSED.contains(key)) {
        throw refused("H2 without " + key + ": this provider sets what it needs");
      }
    }
  }

  private static void checkServer(String url) {
    if (!url.contains("://")) {
      throw refused("a server needs its host, as in jdbc:postgresql://localhost/agent_runtime");
    }
  }

  /** Without the URL, because what is wrong with it may be where a password stands. */
  private static AgentRuntimeException refused(String why) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION, "persistence 'jdbc': url: " + why);
  }

  @Override
  public String toString() {
    return url;
  }
}
