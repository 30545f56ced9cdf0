// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import io.agentruntime.testkit.requirement.TestMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** A database server in a container of its own, always on the same port. */
final class DatabaseServer implements AutoCloseable {
  private final String name;
  private final int port = freePort();
  private final GenericContainer<?> container;

  private DatabaseServer(String name, int innerPort, String ready) {
    this.name = name;
    this.container =
        new GenericContainer<>(DockerImageName.parse(TestMachine.databaseImage(name)))
            .withImagePullPolicy(image -> false)
            .withCreateContainerCmdModifier(
                command ->
                    command.withHostConfig(
                        HostConfig.newHostConfig()
                            .withPortBindings(
                                PortBinding.parse("127.0.0.1:" + port + ":" + innerPort))))
            .waitingFor(Wait.forLogMessage(ready, 1).withStartupTimeout(Duration.ofMinutes(2)));
    container.start();
  }

  static DatabaseServer postgresql() {
    return new DatabaseServer(
        "postgresql", 5432, "(?s).*database system is ready to accept connections.*");
  }

  static DatabaseServer mariadb() {
    return new DatabaseServer("mariadb", 3306, "(?s).*port: 3306 .*");
  }

  /** The provider's settings for it on a machine that may be busy. */
  Map<String, String> patientSettings() {
    Map<String, String> settings = new HashMap<>(settings());
    settings.put("timeout-ms", TestStore.PATIENCE_MILLIS);
    return settings;
  }

  /** The provider's settings for it. */
  Map<String, String> settings() {
    return settings("jdbc:" + name);
  }

  /** The same with another beginning of the URL. */
  Map<String, String> settings(String scheme) {
    return Map.of(
        "url",
        scheme + "://127.0.0.1:" + port + "/agent_runtime",
        "username",
        "agent_runtime",
        "password",
        "secret");
  }

  void stop() {
    container.getDockerClient().stopContainerCmd(container.getContainerId()).exec();
  }

  void startAgain() {
    container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
  }

  /**
   * Below those that the system gives to whoever asks for any: nobody else gets it before the
   * container has it, or while the container is stopped.
   */
  private static int freePort() {
    for (int attempt = 1; ; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        if (attempt == 100) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  @Override
  public void close() {
    container.stop();
  }
}
