// SPDX-License-Identifier: MIT

package io.agentruntime.app.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What others may depend on, and how they learn its version. */
class PublishedModulesTest {
  private static final Path ROOT = Path.of("..");
  private static final String BOM = "bom";

  @Test
  void everyPublishedModuleStandsInTheBomInTheBomsOwnVersion() throws Exception {
    Map<String, String> expected = new TreeMap<>();
    for (String module : texts(pom("."), "module")) {
      Element pom = pom(module);
      if (!module.equals(BOM) && isPublished(module, pom)) {
        expected.put(ownText(pom, "artifactId"), "${project.version}");
      }
    }

    Map<String, String> managed = new TreeMap<>();
    for (Element dependency : elements(pom(BOM), "dependency")) {
      assertThat(ownText(dependency, "groupId")).isEqualTo("io.agentruntime");
      managed.put(ownText(dependency, "artifactId"), ownText(dependency, "version"));
    }
    assertThat(managed).isEqualTo(expected);
  }

  @Test
  void theBomHasTheVersionOfTheModulesAndNothingOfTheirParent() throws Exception {
    Element bom = pom(BOM);

    assertThat(ownText(bom, "version")).isEqualTo(ownText(pom("."), "version"));
    assertThat(elements(bom, "parent")).isEmpty();
    assertThat(elements(bom, "plugin")).isEmpty();
  }

  private static boolean isPublished(String module, Element pom) throws IOException {
    // Examples are projects of their own, which stand for other people's.
    return Files.exists(ROOT.resolve(module).resolve("src/main/java"))
        && !texts(pom, "maven.deploy.skip").contains("true");
  }

  private static Element pom(String module)
      throws ParserConfigurationException, IOException, SAXException {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(ROOT.resolve(module).resolve("pom.xml").toFile())
        .getDocumentElement();
  }

  private static List<String> texts(Element parent, String name) {
    return elements(parent, name).stream().map(Element::getTextContent).toList();
  }

  private static List<Element> elements(Element parent, String name) {
    List<Element> elements = new ArrayList<>();
    NodeList nodes = parent.getElementsByTagName(name);
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  /** The text of a child, not of a child's child. */
  private static String ownText(Element parent, String name) {
    return elements(parent, name).stream()
        .filter(element -> element.getParentNode() == parent)
        .map(Element::getTextContent)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + parent.getTagName()));
  }
}
