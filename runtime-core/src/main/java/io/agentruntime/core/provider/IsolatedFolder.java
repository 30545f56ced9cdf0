// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of jars whose classes see the JDK, the API and each other, nothing else: a provider in
 * it may bring any version of any library.
 *
 * @param folder the folder
 * @param loader its class loader
 */
public record IsolatedFolder(Path folder, URLClassLoader loader) implements AutoCloseable {
  /**
   * Opens a folder. The caller closes it when nothing from it is used any more.
   *
   * @throws AgentRuntimeException {@code CONFIGURATION} when it cannot be read or has no jar
   */
  public static IsolatedFolder open(Path folder) {
    List<URL> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path jar : files) {
        jars.add(url(jar));
      }
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, "the provider folder " + folder + " cannot be read", e);
    }
    if (jars.isEmpty()) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, "the provider folder " + folder + " holds no jar");
    }
    jars.sort((a, b) -> a.getPath().compareTo(b.getPath()));
    return new IsolatedFolder(
        folder,
        new URLClassLoader(
            "provider " + folder.getFileName(), jars.toArray(URL[]::new), new ApiLoader()));
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }

  @Override
  public void close() {
    try {
      loader.close();
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.INTERNAL_ERROR, "the provider folder " + folder + " cannot be closed", e);
    }
  }
}
