// SPDX-License-Identifier: MIT

package io.agentruntime.app.config;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The folders into which provider jars are dropped, as they are on disk: what lies there and gives
 * no provider would otherwise be passed over in silence. Immutable and thread-safe.
 */
public final class ProviderFolders {
  private static final String PROPERTIES = "provider.properties";
  private static final String ISOLATED = "isolated";

  /** As deep as a folder is looked into for jars that were put too deep. */
  private static final int DEEP = 4;

  private static final List<String> SERVICES =
      Stream.of(SandboxProvider.class, PersistenceAdapter.class, AgentArchitecture.class)
          .map(spi -> "META-INF/services/" + spi.getName())
          .toList();

  private final List<Path> places;

  private ProviderFolders(List<Path> places) {
    this.places = List.copyOf(places);
  }

  /** Those that the launcher tells of; none without a launcher. */
  public static ProviderFolders of(Map<String, String> environment) {
    return new ProviderFolders(
        Arrays.stream(environment.getOrDefault("AGENT_RUNTIME_PROVIDER_PLACES", "").split(":"))
            .filter(place -> !place.isEmpty())
            .map(Path::of)
            .filter(Files::isDirectory)
            .toList());
  }

  /**
   * Refuses a folder's {@value #PROPERTIES} that nobody understands: the provider would run
   * otherwise than its owner believes.
   *
   * @throws AgentRuntimeException {@code CONFIGURATION}, naming the file
   */
  public void requireKnownProperties() {
    for (Path place : places) {
      for (Path folder : entries(place)) {
        Path file = folder.resolve(PROPERTIES);
        if (Files.isRegularFile(file)) {
          check(file);
        }
      }
    }
  }

  private static void check(Path file) {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      properties.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, file + " cannot be read: " + e.getMessage(), e);
    }
    Set<String> names = new TreeSet<>(properties.stringPropertyNames());
    names.remove(ISOLATED);
    if (!names.isEmpty()) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, file + ": unknown " + names + "; known: [" + ISOLATED + "]");
    }
    String isolated = properties.getProperty(ISOLATED, "false").strip();
    if (!Set.of("true", "false").contains(isolated)) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          file + ": '" + ISOLATED + "' is '" + isolated + "': expected true or false");
    }
  }

  /**
   * What gives no provider, and why; a line for each thing, for operators. Opens every jar: not for
   * the way to a start.
   */
  public List<String> oddities() {
    List<String> found = new ArrayList<>();
    for (Path place : places) {
      List<Path> loose = new ArrayList<>();
      for (Path entry : entries(place)) {
        if (Files.isDirectory(entry)) {
          inspect(entry, found);
        } else if (isJar(entry)) {
          loose.add(entry);
        }
      }
      // Beside a provider's jar, others may be its libraries.
      if (!loose.isEmpty()) {
        inspect(place, loose, found);
      }
    }
    return List.copyOf(found);
  }

  private static void inspect(Path folder, List<String> found) {
    try {
      inspect(folder, entries(folder).stream().filter(ProviderFolders::isJar).toList(), found);
    } catch (AgentRuntimeException | UncheckedIOException e) {
      // It costs only itself, as everything that is dropped there.
      found.add(folder + " gives no provider: " + e.getMessage());
    }
  }

  private static void inspect(Path folder, List<Path> jars, List<String> found) {
    if (jars.isEmpty()) {
      found.add(
          folder
              + " gives no provider: it holds no jar"
              + (hasDeeperJar(folder) ? ", and jars in folders below it are not looked at" : ""));
      return;
    }
    boolean named = false;
    boolean readable = true;
    for (Path jar : jars) {
      try (JarFile content = new JarFile(jar.toFile())) {
        named |= SERVICES.stream().anyMatch(service -> content.getEntry(service) != null);
      } catch (IOException e) {
        readable = false;
        found.add(jar + " gives no provider: it is no jar (" + e.getMessage() + ")");
      }
    }
    if (!named && readable) {
      found.add(
          folder
              + " gives no provider: none of "
              + jars.stream().map(jar -> String.valueOf(jar.getFileName())).toList()
              + " names one in META-INF/services");
    }
  }

  private static boolean hasDeeperJar(Path folder) {
    try (Stream<Path> all = Files.walk(folder, DEEP)) {
      return all.anyMatch(ProviderFolders::isJar);
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static boolean isJar(Path file) {
    Path name = file.getFileName();
    return name != null && name.toString().endsWith(".jar") && Files.isRegularFile(file);
  }

  private static List<Path> entries(Path folder) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(entries::add);
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    entries.sort(null);
    return entries;
  }

  private static AgentRuntimeException unreadable(Path folder, IOException cause) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION, "the provider folder " + folder + " cannot be read", cause);
  }
}
