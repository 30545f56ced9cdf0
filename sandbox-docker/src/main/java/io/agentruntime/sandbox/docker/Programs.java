// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentruntime.sandbox.support.ExecCommand;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Creates programs in containers at the engine and learns how they ended. Not through docker-java,
 * which logs commands with their environment, and that holds secrets. Thread-safe.
 */
final class Programs {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Engine engine;

  Programs(Engine engine) {
    this.engine = engine;
  }

  /**
   * Creates a program that is not started yet. The engine cannot end it after a time: programs end
   * with their input.
   *
   * @return the engine's id for it, good for {@link ExecStream#start}
   */
  String create(String containerId, ExecCommand command) throws IOException {
    List<String> environment =
        command.environment().entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .toList();
    Map<String, Object> wish =
        Map.of(
            "User",
            Container.USER,
            "AttachStdin",
            true,
            "AttachStdout",
            true,
            "AttachStderr",
            true,
            "WorkingDir",
            "/",
            "Env",
            environment,
            "Cmd",
            command.arguments());
    RequestBody body = new RequestBody.Bytes(JSON.writeValueAsBytes(wish));
    return ask("POST", "/containers/" + containerId + "/exec", body).path("Id").asText();
  }

  /** The exit code of a program; empty while it runs. */
  OptionalInt exitCode(String execId) throws IOException {
    RequestBody nothing = new RequestBody.Bytes(new byte[0]);
    JsonNode state = ask("GET", "/exec/" + execId + "/json", nothing);
    JsonNode code = state.path("ExitCode");
    return state.path("Running").asBoolean() || !code.isInt()
        ? OptionalInt.empty()
        : OptionalInt.of(code.asInt());
  }

  private JsonNode ask(String method, String path, RequestBody body) throws IOException {
    try (EngineConnection connection = engine.connect()) {
      Map<String, String> headers =
          Map.of("Content-Type", "application/json", "Connection", "close");
      HttpExchange answer = HttpExchange.send(connection, method, path, headers, body);
      if (answer.status() / 100 != 2) {
        throw EngineRefusal.of(answer);
      }
      return JSON.readTree(answer.body());
    }
  }
}
