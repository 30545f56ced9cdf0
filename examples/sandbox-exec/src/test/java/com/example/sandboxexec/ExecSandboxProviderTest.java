package com.example.sandboxexec;

import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.testkit.sandbox.SandboxProviderContract;
import java.nio.file.Path;
import java.util.Map;

// tag::contract[]
/** Behind a way to the machine that reads its arguments as ssh does. */
class ExecSandboxProviderTest extends SandboxProviderContract {
  @Override
  protected SandboxProvider newProvider() {
    return new ExecSandboxProvider();
  }

  @Override
  protected Map<String, String> settings() {
    String likeSsh = Path.of("src/test/resources/like-ssh.sh").toAbsolutePath().toString();
    return Map.of(
        "command",
        "/bin/sh " + likeSsh,
        "root",
        dataDirectory().toString(),
        "host-address",
        "127.0.0.1");
  }
}
// end::contract[]
