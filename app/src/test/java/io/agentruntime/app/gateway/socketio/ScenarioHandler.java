// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.socketio;

import io.agentruntime.app.gateway.engine.DisconnectReason;
import io.agentruntime.app.gateway.protocol.SocketCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The server's side of the scenarios in {@code src/test/js}. */
final class ScenarioHandler implements SocketIoHandler {
  private final Set<SocketIoSocket> sockets = ConcurrentHashMap.newKeySet();

  @Override
  public ConnectDecision onConnect(ConnectRequest request) {
    if (request.auth("token").orElse("").equals("wrong")) {
      return new ConnectDecision.Reject("Invalid API key", Map.of("code", "INVALID_API_KEY"));
    }
    return ConnectDecision.accept(request.auth("token").orElse("none"));
  }

  @Override
  public void onConnected(SocketIoSocket socket) {
    sockets.add(socket);
  }

  @Override
  public void onDisconnect(SocketIoSocket socket, DisconnectReason reason) {
    sockets.remove(socket);
    sockets.forEach(s -> s.send(SocketCodec.event("somebody left", socket.id(), reason.text())));
  }

  @Override
  public void onEvent(
      SocketIoSocket socket, String name, List<@Nullable Object> args, @Nullable Ack ack) {
    Ack reply = ack == null ? values -> {} : ack;
    switch (name) {
      case "echo" -> reply.send(args);
      case "repeat" -> socket.send(SocketCodec.event(text(args, 0), value(args, 1)));
      case "join" -> reply.send(Map.of("success", args.isEmpty() || socket.join(text(args, 0))));
      case "leave" -> {
        if (!args.isEmpty()) {
          socket.leave(text(args, 0));
        }
        reply.send(Map.of("success", true));
      }
      case "shout" -> {
        sockets.stream()
            .filter(s -> s.rooms().contains(value(args, 0)))
            .forEach(s -> s.send(SocketCodec.event("news", value(args, 1))));
        reply.send(true);
      }
      case "digest" -> reply.send(digests(args));
      case "drop me" -> socket.drop(DisconnectReason.SLOW_CONSUMER);
      case "end me" -> {
        socket.send(SocketCodec.event("last words", "good-bye"));
        socket.disconnect();
      }
      case "who am I" -> reply.send(describe(socket));
      case "fail" -> throw new IllegalStateException("this handler fails on purpose");
      case "ask me" -> ask(socket, value(args, 0), reply);
      default -> reply.send(Map.of("success", false, "error", "Unknown event"));
    }
  }

  private static void ask(SocketIoSocket socket, @Nullable Object question, Ack reply) {
    socket
        .request("question", Duration.ofSeconds(1), question)
        .whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                reply.send(List.of(String.valueOf(answer.get(0)), length(answer.get(1))));
              } else {
                reply.send(List.of(failure.getClass().getSimpleName()));
              }
            });
  }

  private static int length(@Nullable Object bytes) {
    return bytes instanceof byte[] array ? array.length : -1;
  }

  private static Map<String, Object> describe(SocketIoSocket socket) {
    ConnectRequest request = socket.request();
    Map<String, Object> who = new LinkedHashMap<>();
    who.put("token", socket.attachment(String.class));
    who.put("dialect", request.parameter("dialect").orElse(""));
    who.put("apiKey", request.parameter("apiKey").orElse(""));
    who.put("header", request.header("x-api-key").orElse(""));
    who.put("address", request.remoteAddress());
    return who;
  }

  private static List<Object> digests(@Nullable Object value) {
    List<Object> found = new ArrayList<>();
    switch (value) {
      case byte[] bytes -> {
        long sum = 0;
        for (byte b : bytes) {
          sum += Byte.toUnsignedInt(b);
        }
        found.add(Map.of("bytes", bytes.length, "sum", sum));
      }
      case List<?> list -> list.forEach(element -> found.addAll(digests(element)));
      case Map<?, ?> map -> map.values().forEach(element -> found.addAll(digests(element)));
      case null, default -> {
        // Only attachments count.
      }
    }
    return found;
  }

  private static String text(List<@Nullable Object> args, int index) {
    return String.valueOf(value(args, index));
  }

  private static @Nullable Object value(List<@Nullable Object> args, int index) {
    return index < args.size() ? args.get(index) : null;
  }
}
