// SPDX-License-Identifier: MIT

package io.agentruntime.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate that {@code build/check-api} puts before changes of this module, on a small API. */
class ApiGateTest {
  private static final String PROVIDER =
      """
      package sample;

      public interface Provider {
        String id();

        default int size() {
          return 1;
        }
      }
      """;

  @TempDir static Path gate;
  private static URLClassLoader loader;
  private static Method check;

  @TempDir Path folder;

  /** The gate as it is run, compiled out of the build's folder. */
  @BeforeAll
  static void compileTheGate() throws ReflectiveOperationException, IOException {
    String source = Path.of("..", "build", "CheckApi.java").toString();
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-nowarn", "-d", gate.toString(), source);
    assertThat(code).isZero();
    loader =
        new URLClassLoader(new URL[] {gate.toUri().toURL()}, ApiGateTest.class.getClassLoader());
    check =
        loader
            .loadClass("CheckApi")
            .getMethod(
                "check",
                Path.class,
                Path.class,
                Path.class,
                String.class,
                Path.class,
                PrintStream.class);
  }

  @AfterAll
  static void closeTheGate() throws IOException {
    loader.close();
  }

  /**
   * What the gate says.
   *
   * @param passed whether it lets the change pass
   * @param report its report
   */
  private record Verdict(boolean passed, String report) {}

  private Verdict verdict(String changed, String listed) throws Exception {
    Path before = write("before/sample/Provider.java", PROVIDER).getParent().getParent();
    Path after = write("after/sample/Provider.java", changed).getParent().getParent();
    Path changes = write("api-changes", listed);
    ByteArrayOutputStream report = new ByteArrayOutputStream();
    boolean passed;
    try (PrintStream out = new PrintStream(report, false, StandardCharsets.UTF_8)) {
      passed =
          (boolean) check.invoke(null, before, after, changes, "", folder.resolve("compiled"), out);
    }
    return new Verdict(passed, report.toString(StandardCharsets.UTF_8));
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void anUnchangedApiPasses() throws Exception {
    assertThat(verdict(PROVIDER, "").passed()).isTrue();
  }

  @Test
  void aRemovedMethodIsRefusedAndNamed() throws Exception {
    Verdict verdict = verdict(PROVIDER.replace("String id();", ""), "");

    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.report()).contains("METHOD_REMOVED sample.Provider#id()");
  }

  @Test
  void anAddedMethodWithABodyPasses() throws Exception {
    String added = PROVIDER.replace("String id();", "String id();\ndefault void more() {}");

    assertThat(verdict(added, "").passed()).isTrue();
  }

  @Test
  void aMethodThatImplementorsWouldHaveToAddIsRefused() throws Exception {
    Verdict verdict = verdict(PROVIDER.replace("String id();", "String id();\nvoid more();"), "");

    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.report()).contains("METHOD_ADDED_TO_INTERFACE sample.Provider#more()");
  }

  @Test
  void aRemovedTypeIsRefused() throws Exception {
    Verdict verdict = verdict("package sample;", "");

    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.report()).contains("CLASS_REMOVED sample.Provider");
  }

  @Test
  void aBreakThatIsListedWithItsReasonPasses() throws Exception {
    String removed = PROVIDER.replace("String id();", "");

    assertThat(verdict(removed, "METHOD_REMOVED sample.Provider#id() # nobody called it").passed())
        .isTrue();
  }

  @Test
  void aBreakThatIsListedWithoutAReasonIsRefused() throws Exception {
    String removed = PROVIDER.replace("String id();", "");

    assertThat(verdict(removed, "METHOD_REMOVED sample.Provider#id()").passed()).isFalse();
  }

  @Test
  void aListedBreakThatIsNoneIsRefused() throws Exception {
    assertThat(verdict(PROVIDER, "METHOD_REMOVED sample.Provider#id() # old").passed()).isFalse();
  }
}
