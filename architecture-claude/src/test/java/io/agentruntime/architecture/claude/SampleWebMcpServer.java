// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.agentruntime.architecture.support.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An MCP server over HTTP with one tool, which tells the key that came in a header. */
final class SampleWebMcpServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private SampleWebMcpServer(HttpServer server) {
    this.server = server;
  }

  static SampleWebMcpServer start() throws IOException {
    SampleWebMcpServer started =
        new SampleWebMcpServer(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    started.server.createContext("/mcp", started::handle);
    started.server.setExecutor(started.threads);
    started.server.start();
    return started;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      // No stream of the server's own.
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      JsonNode message = Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
      if (!message.has("id")) {
        exchange.sendResponseHeaders(202, -1);
        return;
      }
      String key = exchange.getRequestHeaders().getFirst("X-Key");
      byte[] answer =
          Json.write(
                  Map.of(
                      "jsonrpc",
                      "2.0",
                      "id",
                      message.path("id").numberValue(),
                      "result",
                      result(message, key)))
              .getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      try (OutputStream body = exchange.getResponseBody()) {
        body.write(answer);
      }
    }
  }

  private static Map<String, Object> result(JsonNode message, String key) {
    return switch (message.path("method").asText()) {
      case "initialize" ->
          Map.of(
              "protocolVersion",
              message.path("params").path("protocolVersion").asText(),
              "capabilities",
              Map.of("tools", Map.of()),
              "serverInfo",
              Map.of("name", "sample", "version", "1"));
      case "tools/list" ->
          Map.of(
              "tools",
              List.of(
                  Map.of(
                      "name",
                      "greet",
                      "description",
                      "Greets",
                      "inputSchema",
                      Map.of("type", "object", "properties", Map.of()))));
      case "tools/call" ->
          Map.of("content", List.of(Map.of("type", "text", "text", "WEB says " + key)));
      default -> Map.of();
    };
  }
}
