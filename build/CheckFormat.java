// SPDX-License-Identifier: MIT

import com.google.googlejavaformat.java.Main;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks that the sources of every module are laid out as google-java-format lays them out, and
 * begin with the name of their licence.
 *
 * <p>{@code CheckFormat ROOT FORMATTER_VERSION [check|apply]}, run by the build in the toolchain's
 * JVM with the formatter on the class path. Files that were found in order once are remembered by
 * their hash in {@code target/formatted.txt}, so that only changed files cost time.
 */
final class CheckFormat {
  private static final String HEADER = "// SPDX-License-Identifier: MIT\n";

  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    String version = args[1];
    boolean apply = args.length > 2 && args[2].equals("apply");
    Path memory = root.resolve("target/formatted.txt");
    Set<String> known =
        new HashSet<>(Files.exists(memory) ? Files.readAllLines(memory) : List.of());

    List<Path> files = sources(root);
    checkHeaders(files, root.resolve("examples"), apply);
    List<Path> changed = new ArrayList<>();
    for (Path file : files) {
      if (!known.contains(hash(version, file))) {
        changed.add(file);
      }
    }
    String wrong = changed.isEmpty() ? "" : format(changed, apply);
    if (!wrong.isEmpty()) {
      System.err.println(
          "Not formatted:\n" + wrong.indent(2) + "To format: mvn verify -N -Dformat=apply");
      System.exit(1);
    }
    List<String> inOrder = new ArrayList<>();
    for (Path file : files) {
      inOrder.add(hash(version, file));
    }
    Files.createDirectories(memory.getParent());
    Files.write(memory, inOrder);
    System.out.println(files.size() + " files, " + changed.size() + " looked at");
  }

  private static List<Path> sources(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> modules = Files.list(root);
        Stream<Path> examples = Files.list(root.resolve("examples"))) {
      for (Path module :
          Stream.concat(modules, examples)
              .filter(m -> Files.exists(m.resolve("pom.xml")))
              .sorted()
              .toList()) {
        for (String folder : List.of("src/main/java", "src/test/java")) {
          files.addAll(javaFilesIn(module.resolve(folder)));
        }
      }
    }
    files.addAll(javaFilesIn(root.resolve("build")));
    return files;
  }

  /** Examples carry none: they are there to be copied. */
  private static void checkHeaders(List<Path> files, Path examples, boolean apply)
      throws IOException {
    StringBuilder without = new StringBuilder();
    for (Path file : files) {
      String text = Files.readString(file);
      if (!file.startsWith(examples) && !text.startsWith(HEADER)) {
        if (apply) {
          Files.writeString(file, HEADER + "\n" + text);
        } else {
          without.append("  ").append(file).append('\n');
        }
      }
    }
    if (!without.isEmpty()) {
      System.err.print(
          "Not beginning with " + HEADER + without + "To add it: mvn verify -N -Dformat=apply\n");
      System.exit(1);
    }
  }

  private static List<Path> javaFilesIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
    }
  }

  /** The names of files that are not in order, one a line; none when they were put in order. */
  private static String format(List<Path> files, boolean apply) throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> args = new ArrayList<>(apply ? List.of("--replace") : List.of("--dry-run"));
    files.forEach(file -> args.add(file.toString()));
    int code =
        new Main(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                new ByteArrayInputStream(new byte[0]))
            .format(args.toArray(String[]::new));
    if (code != 0 || !err.toString().isEmpty()) {
      System.err.println(err);
      System.exit(1);
    }
    return out.toString();
  }

  private static String hash(String version, Path file)
      throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(version.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(Files.readAllBytes(file)), 16));
  }
}
