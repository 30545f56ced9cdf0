// SPDX-License-Identifier: MIT

package io.agentruntime.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @TempDir Path folder;

  @Test
  void aPortThatIsTakenIsToldWithWhatToDo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int exit = run("--port", String.valueOf(taken.getLocalPort()), "--persistence", "memory");

      assertThat(exit).isEqualTo(1);
      assertThat(said())
          .contains("FAIL  port " + taken.getLocalPort())
          .contains("--port")
          .contains("To be mended");
    }
  }

  @Test
  void everyProviderHasALine() throws Exception {
    run("--port", "0", "--persistence", "memory", "--sandbox", "local", "--model", "scripted");

    assertThat(said())
        .contains("ok    java: Java 25")
        .contains("ok    persistence memory: ready")
        .contains("sandbox docker")
        .contains("ok    sandbox local: starts a sandbox");
  }

  @Test
  void anUnknownSettingIsSaidInOneLine() throws Exception {
    assertThat(run("--nonsense", "1")).isEqualTo(78);
    assertThat(said()).startsWith("doctor: ").contains("--nonsense").hasLineCount(1);
  }

  private int run(String... arguments) throws InterruptedException {
    return Doctor.run(
        List.of(arguments),
        Map.of("AGENT_RUNTIME_HOME", folder.toString()),
        new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
