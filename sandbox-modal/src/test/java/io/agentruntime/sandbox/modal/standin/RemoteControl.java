// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.agentruntime.sandbox.modal.wire.GenericResult.GenericStatus;
import io.agentruntime.sandbox.modal.wire.Sandbox;
import io.grpc.Status;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Lets a program in another language tell a {@link StandIn} what to do wrong, by HTTP GET. */
public final class RemoteControl implements AutoCloseable {
  private final StandIn standIn;
  private final HttpServer server;

  /** Listens at a free port of the loopback address. */
  public RemoteControl(StandIn standIn) throws IOException {
    this.standIn = standIn;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Where it listens. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      int status = 200;
      String text;
      try {
        text = perform(exchange.getRequestURI());
      } catch (IllegalArgumentException | IOException e) {
        status = 400;
        text = e.toString();
      }
      byte[] body = text.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private String perform(URI uri) throws IOException {
    Map<String, String> query =
        uri.getQuery() == null
            ? Map.of()
            : Arrays.stream(uri.getQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(p -> p[0], p -> p[1]));
    Faults faults = standIn.faults();
    switch (uri.getPath()) {
      case "/refuse" ->
          faults.refuse(
              query.get("call"),
              Status.Code.valueOf(query.get("kind")).toStatus(),
              Integer.parseInt(query.get("times")));
      case "/throttle" ->
          faults.throttle(
              query.get("call"),
              Double.parseDouble(query.get("seconds")),
              Integer.parseInt(query.get("times")));
      case "/cut" ->
          faults.cut(
              query.get("call"),
              Faults.Cut.valueOf(query.get("kind")),
              Long.parseLong(query.get("after")));
      case "/revoke" -> standIn.revokeRouterTokens();
      case "/revokeControl" -> standIn.revokeControlTokens();
      case "/drop" -> drop();
      case "/holdBuilds" -> faults.holdBuilds();
      case "/releaseBuilds" -> faults.releaseBuilds();
      case "/end" -> standIn.end(query.get("id"), GenericStatus.valueOf(query.get("how")));
      case "/running" -> {
        return String.join("\n", standIn.running());
      }
      case "/definition" -> {
        return describe(standIn.definition(query.get("id")));
      }
      default -> throw new IllegalArgumentException("unknown: " + uri.getPath());
    }
    return "";
  }

  private void drop() throws IOException {
    try {
      standIn.dropConnections();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private static String describe(Sandbox definition) {
    ObjectNode node = FileTool.object();
    node.put("milliCpu", definition.getResources().getMilliCpu());
    node.put("memoryMb", definition.getResources().getMemoryMb());
    node.put("regions", String.join(",", definition.getSchedulerPlacement().getRegionsList()));
    node.put("cidrs", String.join(",", definition.getNetworkAccess().getAllowedCidrsList()));
    node.put("idleTimeoutSecs", definition.getIdleTimeoutSecs());
    return node.toString();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
