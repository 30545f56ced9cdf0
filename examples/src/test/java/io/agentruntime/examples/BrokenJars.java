package io.agentruntime.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Jars with sandbox providers that cannot be used, as somebody might drop them. */
final class BrokenJars {
  private static final String SERVICE =
      "META-INF/services/io.agentruntime.spi.sandbox.SandboxProvider";

  private static final String SOURCE =
      """
      package broken;
      import io.agentruntime.spi.sandbox.*;
      public class %s implements SandboxProvider {
        public String id() { return "%s"; }
        public void open(io.agentruntime.spi.ProviderContext context) {}
        public void close() {}
        public java.util.Set<SandboxCapability> capabilities() { return java.util.Set.of(); }
        public Sandbox create(SandboxSpec spec) { throw new IllegalStateException(); }
        %s
      }
      """;

  private BrokenJars() {}

  /** Makes them all. */
  static void into(Path folder, Path work) throws IOException {
    jar(folder.resolve("missing-class.jar"), "broken.Gone", work, "", 0);
    jar(folder.resolve("newer-java.jar"), "broken.Newer", work, source("Newer", "newer", ""), 99);
    jar(
        folder.resolve("throwing-constructor.jar"),
        "broken.Thrower",
        work,
        source(
            "Thrower",
            "thrower",
            "public Thrower() { throw new IllegalStateException(\"no way\"); }"),
        0);
    // Of two providers with one id the first is taken, and folders come before jars.
    jar(folder.resolve("duplicate.jar"), "broken.Second", work, source("Second", "local", ""), 0);
    jar(
        folder.resolve("endless-open.jar"),
        "broken.Endless",
        work,
        source(
                "Endless",
                "endless",
                """
                static void forever() {
                  while (true) { java.util.concurrent.locks.LockSupport.park(); }
                }
                """)
            .replace("context) {}", "context) { forever(); }"),
        0);
  }

  private static String source(String name, String id, String more) {
    return SOURCE.formatted(name, id, more);
  }

  /** A jar with one class; an empty source for none, a version for one of another Java. */
  private static void jar(Path jar, String className, Path work, String source, int classVersion)
      throws IOException {
    Path classes = Files.createDirectories(work.resolve(className));
    if (!source.isEmpty()) {
      Path file = work.resolve(className.substring("broken.".length()) + ".java");
      Files.writeString(file, source);
      int result =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  null,
                  null,
                  "-proc:none",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "-d",
                  classes.toString(),
                  file.toString());
      assertThat(result).as("compiling " + className).isZero();
    }
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      entries.putNextEntry(new JarEntry(SERVICE));
      entries.write(className.getBytes(StandardCharsets.UTF_8));
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        if (classVersion > 0) {
          bytes[6] = 0;
          bytes[7] = (byte) classVersion;
        }
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        entries.write(bytes);
      }
    }
  }

  /** What {@code GET /providers} must say of each: its jar and a part of the reason. */
  static List<List<String>> reasons() {
    return List.of(
        List.of("missing-class.jar", "broken.Gone"),
        List.of("newer-java.jar", "newer Java"),
        List.of("throwing-constructor.jar", "no way"),
        List.of("duplicate.jar", "sandbox-local"),
        List.of("endless-open.jar", "not open after"));
  }
}
