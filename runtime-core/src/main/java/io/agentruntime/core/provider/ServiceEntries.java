// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which jar names which class as a provider.
 *
 * <p>{@link java.util.ServiceLoader} does not tell where a class was named that it cannot load;
 * whoever has to remove the jar wants to know. Immutable.
 */
final class ServiceEntries {
  private static final String FOLDER = "META-INF/services/";
  private static final int MAX_NAMES = 1_000;

  private final Map<String, String> jars;

  private ServiceEntries(Map<String, String> jars) {
    this.jars = jars;
  }

  /** Reads the entries that a class loader sees, in the order in which it sees them. */
  static ServiceEntries read(Class<?> type, ClassLoader loader) {
    Map<String, String> jars = new LinkedHashMap<>();
    try {
      for (URL file : Collections.list(loader.getResources(FOLDER + type.getName()))) {
        for (String name : names(file)) {
          jars.putIfAbsent(name, JarNames.ofResource(file, FOLDER + type.getName()));
        }
      }
    } catch (IOException e) {
      // Only the names of jars in messages depend on it; the loader itself reports what it cannot
      // read.
      return new ServiceEntries(jars);
    }
    return new ServiceEntries(jars);
  }

  private static List<String> names(URL file) throws IOException {
    URLConnection connection = file.openConnection();
    // A cached jar file would stay open after the jar's own loader is closed.
    connection.setUseCaches(false);
    List<String> names = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null && names.size() < MAX_NAMES) {
        int comment = line.indexOf('#');
        String name = (comment < 0 ? line : line.substring(0, comment)).strip();
        if (!name.isEmpty()) {
          names.add(name);
        }
      }
    }
    return names;
  }

  /** The classes that are named, each once. */
  List<String> classes() {
    return List.copyOf(jars.keySet());
  }

  /** The jar or folder that names a class. */
  String jarOf(String className) {
    return jars.getOrDefault(className, "the class path");
  }
}
