// SPDX-License-Identifier: MIT

import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.model.AccessModifier;
import japicmp.model.JApiBehavior;
import japicmp.model.JApiClass;
import japicmp.model.JApiCompatibility;
import japicmp.model.JApiConstructor;
import japicmp.model.JApiField;
import japicmp.model.JApiMethod;
import japicmp.model.JApiParameter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compares the sources of an API with those of its last release, and fails on every incompatible
 * change that is not listed with a reason.
 *
 * <p>{@code CheckApi OLD_SOURCES NEW_SOURCES CHANGES CLASS_PATH FOLDER}, with japicmp on its own
 * class path. {@code FOLDER} keeps the compiled old API for the next time. Both sides are compiled
 * by the same compiler, so that only the sources can differ.
 */
public final class CheckApi {
  private CheckApi() {}

  /** Ends the process with 0 when everything is compatible or listed, else with 1. */
  public static void main(String[] args) throws IOException {
    System.exit(
        check(
                Path.of(args[0]),
                Path.of(args[1]),
                Path.of(args[2]),
                args[3],
                Path.of(args[4]),
                System.out)
            ? 0
            : 1);
  }

  /** Whether every incompatible change is listed, and nothing else is. */
  public static boolean check(
      Path oldSources,
      Path newSources,
      Path changes,
      String classPath,
      Path folder,
      PrintStream out)
      throws IOException {
    Files.createDirectories(folder);
    Path before = folder.resolve("old.jar");
    if (!Files.exists(before)) {
      compile(oldSources, classPath, folder.resolve("old-classes"), before);
    }
    Path after = folder.resolve("new.jar");
    compile(newSources, classPath, folder.resolve("new-classes"), after);

    Set<String> found = incompatible(before, after, classPath);
    Map<String, String> listed = listed(changes);
    List<String> unexpected = found.stream().filter(change -> !listed.containsKey(change)).toList();
    List<String> stale = listed.keySet().stream().filter(line -> !found.contains(line)).toList();
    List<String> silent =
        listed.entrySet().stream()
            .filter(line -> line.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    report(out, "Incompatible with the last release:", unexpected);
    report(out, "Listed in " + changes.getFileName() + ", but no change (any more):", stale);
    report(out, "Listed in " + changes.getFileName() + " without a reason:", silent);
    if (!unexpected.isEmpty()) {
      out.println(
          "Keep the old form beside the new one, or, if the break is meant, add its line to "
              + changes.getFileName()
              + " with the reason behind a #.");
    }
    boolean fine = unexpected.isEmpty() && stale.isEmpty() && silent.isEmpty();
    if (fine) {
      out.println("compatible, " + listed.size() + " intended breaks");
    }
    return fine;
  }

  private static void report(PrintStream out, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      out.println(title);
      lines.forEach(line -> out.println("  " + line));
    }
  }

  /** The lines of a list of intended changes, each with its reason. */
  private static Map<String, String> listed(Path changes) throws IOException {
    Map<String, String> listed = new LinkedHashMap<>();
    for (String line : Files.readAllLines(changes)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int reason = line.indexOf(" #");
      listed.put(
          (reason < 0 ? line : line.substring(0, reason)).strip(),
          reason < 0 ? "" : line.substring(reason + 2).strip());
    }
    return listed;
  }

  // ---- comparing -------------------------------------------------------------------------------

  private static Set<String> incompatible(Path before, Path after, String classPath) {
    JarArchiveComparatorOptions options = new JarArchiveComparatorOptions();
    options.setAccessModifier(AccessModifier.PROTECTED);
    options.getClassPathEntries().addAll(List.of(classPath.split(java.io.File.pathSeparator)));
    List<JApiClass> classes =
        new JarArchiveComparator(options)
            .compare(
                new JApiCmpArchive(before.toFile(), "old"),
                new JApiCmpArchive(after.toFile(), "new"));
    Set<String> changes = new TreeSet<>();
    for (JApiClass type : classes) {
      String name = type.getFullyQualifiedName();
      boolean removed = type.getNewClass().isEmpty();
      add(changes, type, name);
      if (removed) {
        // What was in it says nothing more.
        continue;
      }
      add(changes, type.getSuperclass(), name);
      type.getInterfaces().forEach(each -> add(changes, each, name));
      for (JApiMethod method : type.getMethods()) {
        add(changes, method, name + "#" + signature(method));
      }
      for (JApiConstructor constructor : type.getConstructors()) {
        add(changes, constructor, name + "#" + signature(constructor));
      }
      for (JApiField field : type.getFields()) {
        add(changes, field, name + "#" + field.getName());
      }
    }
    return changes;
  }

  private static void add(Set<String> changes, JApiCompatibility element, String name) {
    element.getCompatibilityChanges().stream()
        .filter(change -> !change.isBinaryCompatible() || !change.isSourceCompatible())
        .forEach(change -> changes.add(change.getType() + " " + name));
  }

  private static String signature(JApiBehavior method) {
    return method.getName()
        + method.getParameters().stream()
            .map(JApiParameter::getType)
            .collect(Collectors.joining(",", "(", ")"));
  }

  // ---- compiling -------------------------------------------------------------------------------

  private static void compile(Path sources, String classPath, Path classes, Path jar)
      throws IOException {
    delete(classes);
    Files.createDirectories(classes);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> all = Files.walk(sources)) {
      List<Path> java = all.filter(file -> file.toString().endsWith(".java")).sorted().toList();
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  List.of(
                      "-proc:none",
                      "-parameters",
                      "-nowarn",
                      "-cp",
                      classPath,
                      "-d",
                      classes.toString()),
                  null,
                  files.getJavaFileObjectsFromPaths(java))
              .call();
      if (!compiled) {
        throw new IllegalStateException(sources + " does not compile:\n" + messages);
      }
    }
    // Under another name first: a torn jar must not be taken for the old API next time.
    Path torn = jar.resolveSibling(jar.getFileName() + ".part");
    try (OutputStream out = Files.newOutputStream(torn);
        JarOutputStream entries = new JarOutputStream(out)) {
      for (Path file : filesIn(classes)) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, entries);
        entries.closeEntry();
      }
    }
    Files.move(torn, jar, StandardCopyOption.REPLACE_EXISTING);
    delete(classes);
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      List<Path> all;
      try (Stream<Path> files = Files.walk(folder)) {
        all = new ArrayList<>(files.toList());
      }
      for (Path file : all.reversed()) {
        Files.delete(file);
      }
    }
  }
}
