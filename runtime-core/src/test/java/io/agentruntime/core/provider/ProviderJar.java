// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Makes jars of providers from source texts, as somebody else would build them. */
final class ProviderJar {
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, List<String>> services = new LinkedHashMap<>();
  private Predicate<String> kept = name -> true;
  private int majorVersion;

  /** Adds a class by its full name. */
  ProviderJar with(String name, String source) {
    sources.put(name, source);
    return this;
  }

  /** Names a class as a provider, also one that is not there. */
  ProviderJar naming(Class<?> service, String name) {
    services.computeIfAbsent(service.getName(), s -> new ArrayList<>()).add(name);
    return this;
  }

  /** Leaves a class file out after compiling. */
  ProviderJar without(String simpleName) {
    kept = name -> !name.endsWith('/' + simpleName + ".class");
    return this;
  }

  /** Marks the class files as made for another line of Java. */
  ProviderJar forJava(int line) {
    majorVersion = line + 44;
    return this;
  }

  /** Compiles and packs. */
  Path build(Path jar) throws IOException {
    Path work = Files.createTempDirectory(jar.toAbsolutePath().getParent(), "build");
    Path classes = Files.createDirectory(work.resolve("classes"));
    compile(work, classes);
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "9.8");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out, manifest);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = classes.relativize(file).toString();
        if (kept.test('/' + name)) {
          put(entries, name, versioned(Files.readAllBytes(file)));
        }
      }
      for (Map.Entry<String, List<String>> service : services.entrySet()) {
        put(
            entries,
            "META-INF/services/" + service.getKey(),
            String.join("\n", service.getValue()).getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  private void compile(Path work, Path classes) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = work.resolve("src").resolve(source.getKey().replace('.', '/') + ".java");
      Files.createDirectories(file.getParent());
      files.add(Files.writeString(file, source.getValue()));
    }
    if (files.isEmpty()) {
      return;
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      Iterable<? extends JavaFileObject> units = manager.getJavaFileObjectsFromPaths(files);
      List<String> options =
          List.of(
              "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
      StringBuilder said = new StringBuilder();
      boolean compiled =
          compiler
              .getTask(
                  null, manager, problem -> said.append(problem).append('\n'), options, null, units)
              .call();
      if (!compiled) {
        throw new UncheckedIOException(new IOException(said.toString()));
      }
    }
  }

  private byte[] versioned(byte[] content) {
    if (majorVersion > 0) {
      content[6] = 0;
      content[7] = (byte) majorVersion;
    }
    return content;
  }

  private static void put(JarOutputStream entries, String name, byte[] content) throws IOException {
    entries.putNextEntry(new JarEntry(name));
    entries.write(content);
    entries.closeEntry();
  }
}
