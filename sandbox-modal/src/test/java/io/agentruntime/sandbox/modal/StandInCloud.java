// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.sandbox.modal.standin.Certificate;
import io.agentruntime.sandbox.modal.standin.StandIn;
import io.agentruntime.sandbox.modal.standin.StandInSettings;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.Secret;
import io.agentruntime.testkit.TestProviderContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** A stand-in for Modal's cloud, and providers that use it. */
final class StandInCloud implements AutoCloseable {
  final StandIn server;
  private final Path folder;
  private final Path certificate;

  StandInCloud(StandInSettings settings) throws IOException {
    server = StandIn.start(settings);
    folder = Files.createTempDirectory("modal-test");
    certificate = Certificate.get().writeTo(folder);
  }

  /** What a provider must be set to. */
  Map<String, String> settings(Backend backend) {
    Map<String, String> settings = new HashMap<>();
    settings.put("server-url", server.serverUrl().toString());
    settings.put("backend", backend == Backend.V1 ? "v1" : "v2");
    settings.put("image", "debian:12");
    if (server.settings().tls()) {
      settings.put("ca-bundle", certificate.toString());
    }
    return settings;
  }

  /** The tokens that are let in. */
  Map<String, Secret> secrets() {
    return Map.of(
        "MODAL_TOKEN_ID", Secret.of(server.settings().tokenId()),
        "MODAL_TOKEN_SECRET", Secret.of(server.settings().tokenSecret()));
  }

  /** An open provider. */
  ModalSandboxProvider provider(String runtimeId, Map<String, String> settings) {
    ModalSandboxProvider provider = new ModalSandboxProvider(Map.of());
    provider.open(context(runtimeId, settings, secrets()));
    return provider;
  }

  ProviderContext context(
      String runtimeId, Map<String, String> settings, Map<String, Secret> secrets) {
    return new TestProviderContext(runtimeId, folder, InstantSource.system(), settings, secrets);
  }

  @Override
  public void close() throws IOException {
    server.close();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
