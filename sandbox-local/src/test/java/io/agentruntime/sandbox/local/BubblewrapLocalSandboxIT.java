// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.testkit.requirement.RequiresBubblewrap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@RequiresBubblewrap
class BubblewrapLocalSandboxIT extends LocalSandboxContract {
  @Override
  protected Map<String, String> settings() {
    return Map.of("bubblewrap", "always");
  }

  @Test
  void isolationIsPromised() {
    assertThat(bench().can(SandboxCapability.ISOLATION)).isTrue();
  }

  @Test
  void aProgramSeesNothingOfTheHostsOwnFiles() throws Exception {
    Files.writeString(outside.resolve("secret"), "secret");
    String script = "cat '" + outside.resolve("secret") + "' 2>/dev/null; ls /root /home /var 2>&1";
    var process = bench().start(List.of("sh", "-c", script + "; ls " + dataDirectory()));
    bench().end(process);
    String folder = bench().sandbox().id();
    assertThat(bench().output(process)).doesNotContain("secret").endsWith(folder + "\n");
  }

  @Test
  void aProgramSeesOnlyItsOwnProcesses() throws Exception {
    var process = bench().start(List.of("sh", "-c", "ls -d /proc/[0-9]* | wc -l"));
    bench().end(process);
    assertThat(Integer.parseInt(bench().output(process).strip())).isLessThan(8);
  }

  @Test
  void aProgramCannotChangeTheSystem() throws Exception {
    var process =
        bench().start(List.of("sh", "-c", "echo x >/usr/intruder; echo x >/etc/intruder"));
    assertThat(bench().end(process)).isNotZero();
    assertThat(Files.exists(Path.of("/usr/intruder"))).isFalse();
  }
}
