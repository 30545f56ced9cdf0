// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import io.agentruntime.spi.Provider;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows the JDK and {@code runtime-api}, and nothing else of the class path: neither classes nor
 * resources, among them the service files of everybody else. Thread-safe.
 */
final class ApiLoader extends ClassLoader {
  private static final List<String> API =
      List.of(
          "io.agentruntime.error.",
          "io.agentruntime.model.",
          "io.agentruntime.spi.",
          "io.agentruntime.support.");

  private final ClassLoader api = Provider.class.getClassLoader();

  ApiLoader() {
    super("agent runtime API", ClassLoader.getPlatformClassLoader());
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (API.stream().anyMatch(name::startsWith)) {
      return api.loadClass(name);
    }
    throw new ClassNotFoundException(name);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    return isOfApi(name) ? api.getResource(name) : null;
  }

  @Override
  protected Enumeration<URL> findResources(String name) throws IOException {
    return isOfApi(name) ? api.getResources(name) : Collections.emptyEnumeration();
  }

  private static boolean isOfApi(String resource) {
    String name = resource.replace('/', '.');
    return API.stream().anyMatch(name::startsWith);
  }
}
