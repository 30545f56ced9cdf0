// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.gateway.engine.DisconnectReason;
import io.agentruntime.app.gateway.socketio.Ack;
import io.agentruntime.app.gateway.socketio.ConnectDecision;
import io.agentruntime.app.gateway.socketio.ConnectRequest;
import io.agentruntime.app.gateway.socketio.SocketIoHandler;
import io.agentruntime.app.gateway.socketio.SocketIoSocket;
import io.agentruntime.app.security.Access;
import io.agentruntime.app.security.ApiKey;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.ErrorKind;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What clients on Socket.IO can do: connect with the key, join and leave sessions, and come back to
 * where they were. Thread-safe.
 */
final class SessionGateway implements SocketIoHandler {
  private static final Logger LOG = LoggerFactory.getLogger(SessionGateway.class);

  /**
   * A connection that was let in.
   *
   * @param client whose it is
   * @param missed what a client that comes back has of each session that it follows, null for a new
   *     client
   */
  private record Admission(GatewayClient client, @Nullable Map<SessionId, Optional<Long>> missed) {}

  private final AgentRuntime runtime;
  private final Access access;
  private final Dialect defaultDialect;
  private final int maxFollowed;
  private final ClientRegistry clients;
  private final RecentViews views;
  private final SessionRooms rooms;

  SessionGateway(
      AgentRuntime runtime,
      Access access,
      Dialect defaultDialect,
      int maxFollowed,
      ClientRegistry clients,
      RecentViews views,
      SessionRooms rooms) {
    this.runtime = runtime;
    this.access = access;
    this.defaultDialect = defaultDialect;
    this.maxFollowed = maxFollowed;
    this.clients = clients;
    this.views = views;
    this.rooms = rooms;
  }

  @Override
  public ConnectDecision onConnect(ConnectRequest request) {
    Access.Decision decision = access.decide(keyOf(request), request.remoteAddress());
    if (decision instanceof Access.Decision.Refused refused) {
      return new ConnectDecision.Reject(
          refused.text(),
          new Payload()
              .put("code", refused.code().name())
              .put("retryAfterMs", refused.retryAfter().toMillis())
              .done());
    }
    String wished = request.auth("dialect").or(() -> request.parameter("dialect")).orElse(null);
    Optional<Dialect> dialect =
        wished == null ? Optional.of(defaultDialect) : Dialect.named(wished);
    if (dialect.isEmpty()) {
      return new ConnectDecision.Reject(
          "Unknown dialect: flat or unified", Map.of("code", "INVALID_ARGUMENT"));
    }
    Admission admission = admit(request, dialect.get());
    return new ConnectDecision.Accept(admission, admission.client().recoveryId());
  }

  private static Optional<String> keyOf(ConnectRequest request) {
    return request
        .auth("apiKey")
        .or(() -> request.auth("token"))
        .or(
            () ->
                ApiKey.from(
                    request.header("authorization").orElse(null),
                    request.header("x-api-key").orElse(null)))
        .or(() -> request.parameter("apiKey"))
        .filter(key -> !key.isBlank());
  }

  /** The protocol's own way back: the client's name and the last event it got. */
  private Admission admit(ConnectRequest request, Dialect dialect) {
    Offset last = request.auth("offset").flatMap(Offset::read).orElse(null);
    GatewayClient known = request.auth("pid").flatMap(clients::find).orElse(null);
    if (known != null && last != null && known.dialect() == dialect) {
      known.socket().ifPresent(socket -> takeFrom(known, socket));
      Map<SessionId, Optional<Long>> missed = known.rewind(last).orElse(null);
      if (missed != null) {
        return new Admission(known, missed);
      }
    }
    GatewayClient fresh =
        clients.create(
            dialect,
            new ClientTraits(
                request.remoteAddress(),
                request.header("user-agent").orElse(null),
                request.header("origin").orElse(null)));
    if (last != null) {
      fresh.knows(last);
    }
    return new Admission(fresh, null);
  }

  /** Its old connection may not know yet that it is dead; nothing more goes there. */
  private void takeFrom(GatewayClient client, SocketIoSocket old) {
    clients.lost(client, old);
    client.followed().forEach(session -> rooms.pause(client, old, session));
    old.drop(DisconnectReason.TRANSPORT_CLOSED);
  }

  @Override
  public void onConnected(SocketIoSocket socket) throws InterruptedException {
    Admission admission = socket.attachment(Admission.class);
    GatewayClient client = admission.client();
    clients.connected(client, socket);
    Map<SessionId, Optional<Long>> missed = admission.missed();
    if (missed != null) {
      for (Map.Entry<SessionId, Optional<Long>> session : missed.entrySet()) {
        rejoin(client, socket, session.getKey(), session.getValue());
      }
    }
  }

  private void rejoin(
      GatewayClient client, SocketIoSocket socket, SessionId session, Optional<Long> has)
      throws InterruptedException {
    try {
      JoinPoint point = has.<JoinPoint>map(JoinPoint.After::new).orElseGet(JoinPoint.Now::new);
      rooms.join(client, socket, session, point);
    } catch (AgentRuntimeException e) {
      // It will join by itself, and be told then.
      LOG.debug(
          "session {}: a client that came back cannot follow it: {}", session, e.getMessage());
      client.left(session);
    }
  }

  @Override
  public void onEvent(
      SocketIoSocket socket, String name, List<@Nullable Object> args, @Nullable Ack ack)
      throws InterruptedException {
    GatewayClient client = socket.attachment(Admission.class).client();
    Map<String, Object> answer;
    try {
      answer =
          switch (name) {
            case "session:join" -> join(client, socket, sessionOf(args), pointOf(args));
            case "session:leave" -> leave(client, socket, sessionOf(args));
            default ->
                throw AgentRuntimeException.invalid("event", "session:join or session:leave");
          };
    } catch (AgentRuntimeException e) {
      if (e.code().kind() == ErrorKind.INTERNAL) {
        LOG.error("{} failed", name, e);
      }
      answer = refusal(e);
    }
    if (ack != null) {
      ack.send(answer);
    }
  }

  private Map<String, Object> refusal(AgentRuntimeException error) {
    Map<String, Object> refusal = new LinkedHashMap<>();
    refusal.put("success", false);
    refusal.put(
        "error",
        error.code().kind() == ErrorKind.INTERNAL
            ? "Internal server error"
            : runtime.redact(String.valueOf(error.getMessage())));
    refusal.put("code", error.code().name());
    return refusal;
  }

  private Map<String, Object> join(
      GatewayClient client, SocketIoSocket socket, SessionId session, Optional<Long> after)
      throws InterruptedException {
    if (client.follows(session)) {
      long seq = rooms.repeatStatus(client, session);
      return joined(seq);
    }
    if (client.followed().size() >= maxFollowed) {
      throw new AgentRuntimeException(
          StandardError.LIMIT_EXCEEDED,
          "a socket may follow " + maxFollowed + " sessions: leave one, or use another socket");
    }
    JoinPoint point =
        after.<JoinPoint>map(JoinPoint.After::new).orElseGet(() -> guess(client, session));
    return joined(rooms.join(client, socket, session, point));
  }

  private static Map<String, Object> joined(long seq) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("success", true);
    answer.put("seq", seq);
    return answer;
  }

  /**
   * Where a client begins that does not say: after what it was sent before, or after what it loaded
   * just now, whichever is later. When several clients that cannot be told apart loaded the
   * session, the latest counts: a client may then lack something, but never has anything twice.
   */
  private JoinPoint guess(GatewayClient client, SessionId session) {
    long has = client.has(session).orElse(-1L);
    long shown = views.shown(client.traits(), session).map(RecentViews.Shown::newest).orElse(-1L);
    if (has < 0 && shown < 0) {
      return new JoinPoint.Now();
    }
    return shown >= has ? new JoinPoint.SinceView(shown) : new JoinPoint.After(has);
  }

  private Map<String, Object> leave(
      GatewayClient client, SocketIoSocket socket, SessionId session) {
    rooms.leave(client, socket, session);
    return Map.of("success", true);
  }

  private static SessionId sessionOf(List<@Nullable Object> args) {
    if (!args.isEmpty() && args.getFirst() instanceof String id) {
      try {
        return new SessionId(id);
      } catch (AgentRuntimeException e) {
        throw new AgentRuntimeException(StandardError.SESSION_NOT_FOUND, "Session not found", e);
      }
    }
    throw AgentRuntimeException.invalid("sessionId", "a string");
  }

  private static Optional<Long> pointOf(List<@Nullable Object> args) {
    if (args.size() < 2 || !(args.get(1) instanceof Map<?, ?> options)) {
      return Optional.empty();
    }
    return switch (options.get("after")) {
      case null -> Optional.empty();
      case Integer after when after >= 0 -> Optional.of(after.longValue());
      case Long after when after >= 0 -> Optional.of(after);
      default -> throw AgentRuntimeException.invalid("after", "a whole number from 0");
    };
  }

  @Override
  public void onDisconnect(SocketIoSocket socket, DisconnectReason reason) {
    GatewayClient client = socket.attachment(Admission.class).client();
    if (reason == DisconnectReason.CLIENT_LEFT || reason == DisconnectReason.SERVER_LEFT) {
      clients.gone(client, socket);
    } else {
      clients.lost(client, socket);
    }
    client.followed().forEach(session -> rooms.pause(client, socket, session));
  }
}
