// SPDX-License-Identifier: MIT

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * Lays out an installation: the server's libraries in lib, and every module that provides something
 * in a folder of its own below providers, with those of its libraries that the server does not
 * have.
 *
 * <p>Run with the checkout, the server's module and the version. What it makes is
 * target/installation of that module.
 */
public final class StageDistribution {
  private static final String SERVICES = "META-INF/services/io.agentruntime.spi.";

  private final Path root;
  private final Path module;
  private final String version;
  private final Path target;

  /** File name by library. */
  private final Map<String, String> versions = new HashMap<>();

  private StageDistribution(Path root, Path module, String version) {
    this.root = root;
    this.module = module;
    this.version = version;
    this.target = module.resolve("target/installation");
  }

  public static void main(String[] args) throws IOException {
    new StageDistribution(Path.of(args[0]), Path.of(args[1]), args[2]).run();
  }

  private void run() throws IOException {
    delete(target);
    Set<String> shared = new HashSet<>();
    Path lib = Files.createDirectories(target.resolve("lib"));
    for (Path jar : classPath(module)) {
      add(jar, lib);
      shared.add(jar.getFileName().toString());
    }
    try (Stream<Path> modules = Files.list(root)) {
      for (Path candidate : modules.sorted().toList()) {
        Path jar = jar(candidate);
        if (!candidate.equals(module) && Files.exists(jar) && isProvider(jar)) {
          Path folder = target.resolve("providers").resolve(candidate.getFileName());
          Files.createDirectories(folder);
          for (Path library : classPath(candidate)) {
            if (!shared.contains(library.getFileName().toString())) {
              add(library, folder);
            }
          }
        }
      }
    }
    copyTree(module.resolve("src/dist"), target);
    Path tools = Files.createDirectories(target.resolve("tools"));
    for (String tool : List.of("agent-program", "base-image", "find-jdk", "image")) {
      copy(root.resolve("build").resolve(tool), tools);
    }
    copyTree(
        root.resolve("sandbox-docker/src/main/resources/io/agentruntime/sandbox/docker/image"),
        tools.resolve("image-context"));
    Files.createDirectories(target.resolve("profiles"));
    Files.copy(
        module.resolve("src/main/resources/profiles/default.yaml"),
        target.resolve("profiles/default.yaml"));
    copy(root.resolve("LICENSE"), target);
    Files.writeString(target.resolve("VERSION"), "agent-runtime " + version + "\n");
  }

  private Path jar(Path of) {
    return of.resolve("target").resolve(of.getFileName() + "-" + version + ".jar");
  }

  /** The module's own jar first, then what it needs at run time. */
  private List<Path> classPath(Path of) throws IOException {
    List<Path> jars = new ArrayList<>();
    jars.add(jar(of));
    Path file = of.resolve("target/runtime-class-path");
    String text = Files.readString(file, StandardCharsets.UTF_8).strip();
    for (String entry : new TreeSet<>(List.of(text.split(":")))) {
      if (!entry.isEmpty()) {
        Path path = Path.of(entry);
        if (!entry.endsWith(".jar")) {
          throw new IOException(entry + " in " + file + " is no jar; run the package phase");
        }
        jars.add(path);
      }
    }
    return jars;
  }

  /**
   * Copies a jar. All of them are on one class path unless somebody isolates a provider, so there
   * must not be two versions of one library.
   */
  private void add(Path jar, Path folder) throws IOException {
    String name = jar.getFileName().toString();
    String library = name.replaceFirst("-\\d[^/]*\\.jar$", "");
    String other = versions.putIfAbsent(library, name);
    if (other != null && !other.equals(name)) {
      throw new IOException(
          "two versions of one library, "
              + other
              + " and "
              + name
              + ": manage it in the parent POM");
    }
    copy(jar, folder);
  }

  private static boolean isProvider(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().anyMatch(entry -> entry.getName().startsWith(SERVICES));
    }
  }

  private static void copy(Path file, Path folder) throws IOException {
    Path copy = folder.resolve(file.getFileName());
    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    boolean executable = Files.isExecutable(file) && !file.toString().endsWith(".jar");
    Files.setPosixFilePermissions(
        copy, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        Path folder = to.resolve(from.relativize(file)).getParent();
        Files.createDirectories(folder);
        copy(file, folder);
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException failure)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
