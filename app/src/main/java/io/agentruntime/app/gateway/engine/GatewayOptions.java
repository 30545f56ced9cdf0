// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import java.time.Duration;
import java.util.List;

/**
 * The gateway's settings: prefix {@code agent-runtime.gateway}.
 *
 * @param path where the gateway answers, with a slash at both ends
 * @param pingInterval how often a client is pinged
 * @param pingTimeout how long it may take to answer
 * @param upgradeTimeout how long a change from polling to WebSocket may take
 * @param connectTimeout how long a connection may be without having joined a namespace
 * @param closeTimeout how long a closing connection may take to collect what was sent to it
 * @param maxPayload the most bytes of a request, of a frame and of an answer to a poll; at most
 *     {@value WebSocketEndpoint#MAX_FRAME}
 * @param maxConnections how many connections there may be at once
 * @param maxPending how many of them may be without having joined a namespace
 * @param outboxBytes what may wait for one connection before it is cut off
 * @param outboxPackets the same, counted
 * @param inboxMessages how many messages of one connection may wait to be handled
 * @param inboxBytes the same, in bytes
 * @param messageRate how many messages a second one connection may send, on the long run
 * @param messageBurst how many it may send at once
 * @param maxAttachments how many binary attachments one packet may have
 * @param maxJsonDepth how deep a client's JSON may nest
 * @param maxJsonTokens how many brackets, names and values a client's packet may hold
 * @param maxRooms how many rooms one socket may be in, and how many sessions it may follow; a
 *     client that comes back joins all of them at once, so this stays below what it may send at
 *     once
 * @param maxStreams how many streams of events, over HTTP or plain WebSocket, there may be at once
 * @param maxSessionStreams how many of them may be of one session
 * @param streamPatience how long the client of a stream may take nothing before it is cut off
 * @param allowedOrigins the origins, beside the server's own, whose pages may connect; {@code *}
 *     for all
 */
@ConfigurationProperties("agent-runtime.gateway")
public record GatewayOptions(
    @Bindable(defaultValue = "/socket.io/") String path,
    @Bindable(defaultValue = "25s") Duration pingInterval,
    @Bindable(defaultValue = "20s") Duration pingTimeout,
    @Bindable(defaultValue = "10s") Duration upgradeTimeout,
    @Bindable(defaultValue = "45s") Duration connectTimeout,
    @Bindable(defaultValue = "30s") Duration closeTimeout,
    @Bindable(defaultValue = "1000000") int maxPayload,
    @Bindable(defaultValue = "10000") int maxConnections,
    @Bindable(defaultValue = "1000") int maxPending,
    @Bindable(defaultValue = "4MB") @ReadableBytes int outboxBytes,
    @Bindable(defaultValue = "50000") int outboxPackets,
    @Bindable(defaultValue = "1000") int inboxMessages,
    @Bindable(defaultValue = "4MB") @ReadableBytes int inboxBytes,
    @Bindable(defaultValue = "200") int messageRate,
    @Bindable(defaultValue = "1000") int messageBurst,
    @Bindable(defaultValue = "10") int maxAttachments,
    @Bindable(defaultValue = "64") int maxJsonDepth,
    @Bindable(defaultValue = "100000") int maxJsonTokens,
    @Bindable(defaultValue = "500") int maxRooms,
    @Bindable(defaultValue = "2000") int maxStreams,
    @Bindable(defaultValue = "100") int maxSessionStreams,
    @Bindable(defaultValue = "30s") Duration streamPatience,
    @Bindable(defaultValue = "") List<String> allowedOrigins) {

  private static final int LEAST_PAYLOAD = 1024;

  /** Validates and copies. */
  public GatewayOptions {
    if (!path.startsWith("/") || !path.endsWith("/")) {
      throw invalid("path", "a slash at both ends");
    }
    positive("ping-interval", pingInterval);
    positive("ping-timeout", pingTimeout);
    positive("upgrade-timeout", upgradeTimeout);
    positive("connect-timeout", connectTimeout);
    positive("close-timeout", closeTimeout);
    if (maxPayload < LEAST_PAYLOAD || maxPayload > WebSocketEndpoint.MAX_FRAME) {
      throw invalid("max-payload", LEAST_PAYLOAD + " to " + WebSocketEndpoint.MAX_FRAME);
    }
    positive("max-connections", maxConnections);
    positive("max-pending", maxPending);
    positive("outbox-bytes", outboxBytes);
    positive("outbox-packets", outboxPackets);
    positive("inbox-messages", inboxMessages);
    positive("inbox-bytes", inboxBytes);
    positive("message-rate", messageRate);
    positive("message-burst", messageBurst);
    positive("max-json-depth", maxJsonDepth);
    positive("max-json-tokens", maxJsonTokens);
    positive("max-rooms", maxRooms);
    positive("max-streams", maxStreams);
    positive("max-session-streams", maxSessionStreams);
    positive("stream-patience", streamPatience);
    if (maxAttachments < 0) {
      throw invalid("max-attachments", "zero or more");
    }
    allowedOrigins = List.copyOf(allowedOrigins);
  }

  private static void positive(String key, long value) {
    if (value < 1) {
      throw invalid(key, "more than zero");
    }
  }

  private static void positive(String key, Duration value) {
    positive(key, value.toMillis());
  }

  private static IllegalArgumentException invalid(String key, String expected) {
    return new IllegalArgumentException("agent-runtime.gateway." + key + ": expected " + expected);
  }
}
