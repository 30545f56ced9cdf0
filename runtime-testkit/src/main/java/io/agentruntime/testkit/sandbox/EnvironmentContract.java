// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.NetworkMode;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.spi.sandbox.SandboxResources;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a program sees of its surroundings: arguments, variables, directory. */
interface EnvironmentContract extends SandboxTopic {
  /** Variables that a sandbox may happen to have with the same value as this JVM. */
  Set<String> COMMON =
      Set.of(
          "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TERM", "USER", "SHELL", "NODE_EXTRA_CA_CERTS");

  /** Text that a shell, a line reader or a naive encoding would spoil. */
  String ODD = "a'b\"c\\d\n$HOME `id` $(id) ;& * ? é€😀\t end";

  @Test
  default void argumentsArriveAsTheyWereGiven() throws Exception {
    List<String> arguments = List.of("", ODD, "-n", "--", " ", "%s", "a=b", "last");
    StringBuilder expected = new StringBuilder();
    arguments.forEach(argument -> expected.append('<').append(argument).append('>'));
    assertThat(bench().run(bench().programs().echoArguments(arguments)))
        .isEqualTo(expected.toString());
  }

  @Test
  default void aLongArgumentArrivesWhole() throws Exception {
    String text = "x".repeat(100_000);
    assertThat(bench().run(bench().programs().echoArguments(List.of(text))))
        .isEqualTo("<" + text + ">");
  }

  @Test
  default void variablesArriveAsTheyWereGiven() throws Exception {
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put("ODD", ODD);
    wanted.put("EMPTY", "");
    wanted.put("lower_case1", "x");
    wanted.put("size", "not a number");
    wanted.put("LONG", "y".repeat(50_000));
    assertThat(environment(Map.of(), wanted)).containsAllEntriesOf(wanted);
  }

  @Test
  default void theProcessOverridesTheSandbox() throws Exception {
    Map<String, String> seen =
        environment(Map.of("A", "sandbox", "B", "sandbox"), Map.of("B", "process"));
    assertThat(seen).containsEntry("A", "sandbox").containsEntry("B", "process");
  }

  @Test
  default void thePathCanBeReplaced() throws Exception {
    String path = "/usr/local/bin:/usr/bin:/bin:/nowhere";
    assertThat(environment(Map.of("PATH", path), Map.of())).containsEntry("PATH", path);
  }

  @Test
  default void nothingOfTheServersOwnEnvironmentIsSeen() throws Exception {
    assertThat(System.getenv())
        .as("variables of this test's own process; it needs one to look for, of any value")
        .containsKey("AGENT_RUNTIME_CANARY");
    Map<String, String> seen = environment(Map.of(), Map.of());
    System.getenv()
        .forEach(
            (name, value) -> {
              if (!COMMON.contains(name)) {
                assertThat(seen).as("variables in the sandbox").doesNotContainEntry(name, value);
              }
            });
    assertThat(seen.values()).doesNotContain(System.getenv("AGENT_RUNTIME_CANARY"));
  }

  @Test
  default void aProgramStartsInItsWorkingDirectory() throws Exception {
    SandboxPaths paths = bench().sandbox().paths();
    String deep = paths.workspace() + "/with space/ünï";
    bench().sandbox().writeFiles(List.of(FileUpload.text(deep + "/file", 0644, "")));
    for (String directory : List.of(paths.workspace(), paths.home(), paths.scratch(), deep)) {
      ProcessSpec spec =
          new ProcessSpec(
              bench().spec(bench().sandbox(), List.of("unused")).id(),
              bench().programs().printWorkingDirectory(),
              Map.of(),
              directory,
              ProcessSpec.DEFAULT_SPOOL_LIMIT);
      assertThat(bench().output(bench().sandbox().start(spec))).isEqualTo(directory + "\n");
    }
  }

  private Map<String, String> environment(Map<String, String> ofSandbox, Map<String, String> own)
      throws Exception {
    SandboxSpec spec =
        new SandboxSpec(
            SandboxBench.unique("environment"),
            Map.of(),
            ofSandbox,
            SandboxResources.DEFAULT,
            NetworkMode.DEFAULT,
            null);
    Sandbox sandbox = bench().create(spec);
    var process =
        sandbox.start(
            new ProcessSpec(
                bench().spec(sandbox, List.of("unused")).id(),
                bench().programs().printEnvironment(),
                own,
                sandbox.paths().workspace(),
                ProcessSpec.DEFAULT_SPOOL_LIMIT));
    Map<String, String> seen = new LinkedHashMap<>();
    for (String variable : bench().output(process).split("\0")) {
      int at = variable.indexOf('=');
      seen.put(variable.substring(0, at), variable.substring(at + 1));
    }
    return seen;
  }
}
