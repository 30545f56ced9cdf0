// SPDX-License-Identifier: MIT

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Writes the notices for the libraries that the distribution ships: each jar with its licence, and
 * the notices and licence texts that the jars bring.
 *
 * <p>{@code Notices ROOT INSTALLATION OUTPUT}: the checkout, whose modules have their bills of
 * materials in {@code target/bom.xml}; the installation that was made of it; the file to write. The
 * bills of all shipped modules become one, beside the archive.
 */
final class Notices {
  private static final String OURS = "io.agentruntime";
  private static final Pattern NOTICE =
      Pattern.compile("(META-INF/)?(NOTICE|notice)(\\.(txt|md))?");
  private static final Pattern LICENCE =
      Pattern.compile(
          "(META-INF/)?(licen[cs]es?/)?(licen[cs]e[^/]*|copying|about)(\\.(txt|md|html))?",
          Pattern.CASE_INSENSITIVE);

  /**
   * A library.
   *
   * @param jar its file's name
   * @param id group and artifact
   * @param licences its licences; any of them may be chosen
   * @param page where it comes from, empty when that is not known
   */
  private record Library(String jar, String id, List<String> licences, String page) {}

  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    Map<String, Path> jars = jars(Path.of(args[1]));
    Document bill = merged(bills(root, jars));
    write(bill, root.resolve("app/target/agent-runtime-sbom.xml"));
    List<Library> libraries = libraries(bill.getDocumentElement());
    List<String> unknown = new ArrayList<>(jars.keySet());
    unknown.removeAll(libraries.stream().map(Library::jar).toList());
    unknown.removeIf(jar -> isOurs(root, jars.get(jar)));
    if (!unknown.isEmpty()) {
      System.err.println("in no bill of materials: " + unknown);
      System.exit(1);
    }
    List<String> without =
        libraries.stream().filter(l -> l.licences().isEmpty()).map(Library::id).toList();
    if (!without.isEmpty()) {
      System.err.println("no licence known of " + without);
      System.exit(1);
    }
    Map<String, TreeSet<String>> notices = new LinkedHashMap<>();
    Map<String, TreeSet<String>> licences = new LinkedHashMap<>();
    for (Library library : libraries) {
      Path jar = jars.get(library.jar());
      if (jar == null) {
        System.err.println("not shipped: " + library.jar());
        System.exit(1);
      } else {
        texts(jar, notices, licences);
      }
    }
    Files.writeString(Path.of(args[2]), text(libraries, notices, licences));
    System.out.println(libraries.size() + " libraries");
  }

  private static String text(
      List<Library> libraries,
      Map<String, TreeSet<String>> notices,
      Map<String, TreeSet<String>> licences) {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        Third-party notices

        Agent Runtime is under the MIT licence, see LICENSE. Its distribution brings the libraries
        below, unchanged, each under its own licence; where there are several, any may be chosen.
        This file is made by build/notices.

        """);
    for (Library library : libraries) {
      text.append(library.jar()).append("\n    ").append(library.id()).append(", ");
      text.append(String.join(" or ", library.licences())).append('\n');
      if (!library.page().isEmpty()) {
        text.append("    ").append(library.page()).append('\n');
      }
    }
    append(text, "Notices that the libraries bring", notices);
    append(text, "Licences that the libraries bring", licences);
    return text.toString();
  }

  private static void append(
      StringBuilder text, String title, Map<String, TreeSet<String>> sections) {
    text.append("\n\n").append("=".repeat(80)).append('\n').append(title).append('\n');
    sections.forEach(
        (content, jars) ->
            text.append("\n")
                .append("-".repeat(80))
                .append('\n')
                .append(String.join("\n", jars))
                .append("\n\n")
                .append(content)
                .append('\n'));
  }

  // ---- the bill of materials -------------------------------------------------------------------

  /** The jars of the installation by name. */
  private static Map<String, Path> jars(Path installation) throws IOException {
    Map<String, Path> jars = new TreeMap<>();
    try (Stream<Path> files = Files.walk(installation)) {
      files
          .filter(file -> file.toString().endsWith(".jar"))
          .forEach(jar -> jars.put(jar.getFileName().toString(), jar));
    }
    return jars;
  }

  private static boolean isOurs(Path root, Path jar) {
    return Files.isDirectory(root.resolve(module(jar)));
  }

  /** The module that a jar of ours is of: what stands before the version. */
  private static String module(Path jar) {
    return jar.getFileName().toString().replaceFirst("-\\d[^/]*\\.jar$", "");
  }

  /** The bills of those modules of ours that are shipped, the server's first. */
  private static List<Path> bills(Path root, Map<String, Path> jars) {
    return Stream.concat(Stream.of("app"), jars.values().stream().map(Notices::module))
        .distinct()
        .map(module -> root.resolve(module).resolve("target/bom.xml"))
        .filter(Files::exists)
        .toList();
  }

  /** One bill of several: every component and its dependencies once. */
  private static Document merged(List<Path> bills) throws Exception {
    Document whole = null;
    TreeSet<String> known = new TreeSet<>();
    for (Path bill : bills) {
      Document part =
          DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(bill.toFile());
      boolean first = whole == null;
      if (first) {
        whole = part;
      }
      Element from = part.getDocumentElement();
      Element to = whole.getDocumentElement();
      Element self = child(child(from, "metadata"), "component");
      if (!first && known.add(self.getAttribute("bom-ref") + "components")) {
        child(to, "components").appendChild(whole.importNode(self, true));
      }
      for (String list : List.of("components", "dependencies")) {
        for (Element each :
            children(child(from, list), list.equals("components") ? "component" : "dependency")) {
          String key = each.getAttribute("bom-ref") + each.getAttribute("ref") + list;
          if (known.add(key) && !first) {
            child(to, list).appendChild(whole.importNode(each, true));
          }
        }
      }
    }
    if (whole == null) {
      throw new IllegalStateException(
          "no bill of materials; run mvn -Prelease -pl app -am -Dmaven.test.skip=true package");
    }
    return whole;
  }

  private static void write(Document bill, Path file) throws Exception {
    try (OutputStream out = Files.newOutputStream(file)) {
      TransformerFactory.newInstance()
          .newTransformer()
          .transform(new DOMSource(bill), new StreamResult(out));
    }
  }

  private static List<Library> libraries(Element root) {
    Map<String, Library> libraries = new TreeMap<>();
    for (Element component : children(child(root, "components"), "component")) {
      String group = text(component, "group");
      if (!group.equals(OURS)) {
        String name = text(component, "name");
        String jar = name + "-" + text(component, "version") + ".jar";
        libraries.put(
            jar, new Library(jar, group + ":" + name, licences(component), page(component)));
      }
    }
    return List.copyOf(libraries.values());
  }

  private static List<String> licences(Element component) {
    List<String> names = new ArrayList<>();
    Element licences = child(component, "licenses");
    for (Element licence : children(licences, "license")) {
      String id = text(licence, "id");
      names.add(id.isEmpty() ? text(licence, "name") : id);
    }
    children(licences, "expression").forEach(each -> names.add(each.getTextContent().strip()));
    return names;
  }

  private static String page(Element component) {
    Map<String, String> references =
        children(child(component, "externalReferences"), "reference").stream()
            .collect(
                Collectors.toMap(
                    each -> each.getAttribute("type"), each -> text(each, "url"), (a, b) -> a));
    return references.getOrDefault("website", references.getOrDefault("vcs", ""));
  }

  private static Element child(Element parent, String name) {
    List<Element> found = children(parent, name);
    // An element without children stands for one that is not there.
    return found.isEmpty() ? parent.getOwnerDocument().createElement(name) : found.getFirst();
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    NodeList nodes = parent.getChildNodes();
    for (int i = 0; i < nodes.getLength(); i++) {
      Node node = nodes.item(i);
      if (node instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  private static String text(Element parent, String name) {
    return child(parent, name).getTextContent().strip();
  }

  // ---- the jars --------------------------------------------------------------------------------

  private static void texts(
      Path jar, Map<String, TreeSet<String>> notices, Map<String, TreeSet<String>> licences)
      throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      TreeMap<String, ZipEntry> entries = new TreeMap<>();
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        entries.put(entry.getName(), entry);
      }
      for (ZipEntry entry : entries.values()) {
        boolean notice = NOTICE.matcher(entry.getName()).matches();
        if (entry.isDirectory() || !(notice || LICENCE.matcher(entry.getName()).matches())) {
          continue;
        }
        if (entry.getName().toLowerCase(Locale.ROOT).endsWith(".class")) {
          continue;
        }
        try (InputStream in = zip.getInputStream(entry)) {
          (notice ? notices : licences)
              .computeIfAbsent(
                  clean(new String(in.readAllBytes(), StandardCharsets.UTF_8)),
                  key -> new TreeSet<>())
              .add(jar.getFileName().toString());
        }
      }
    }
  }

  /** Without what differs between copies of one text. */
  private static String clean(String text) {
    return text.replace("\r", "")
        .lines()
        .map(String::stripTrailing)
        .collect(Collectors.joining("\n"))
        .strip();
  }
}
