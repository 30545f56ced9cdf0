// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import java.net.URI;
import java.net.URL;
import java.security.CodeSource;

/** Names of jars and folders for people. Stateless. */
final class JarNames {
  private JarNames() {}

  /** Where a class comes from. */
  static String of(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    return source == null || source.getLocation() == null
        ? type.getName()
        : shorten(source.getLocation().getPath());
  }

  /** Where a resource comes from. */
  static String ofResource(URL resource, String path) {
    String text = resource.getPath();
    String place = text.endsWith(path) ? text.substring(0, text.length() - path.length()) : text;
    if (resource.getProtocol().equals("jar") && place.endsWith("!/")) {
      return shorten(URI.create(place.substring(0, place.length() - 2)).getPath());
    }
    return shorten(place);
  }

  /** A jar's own name is enough to find it; a folder's is not. */
  private static String shorten(String path) {
    return path.endsWith(".jar") ? path.substring(path.lastIndexOf('/') + 1) : path;
  }
}
