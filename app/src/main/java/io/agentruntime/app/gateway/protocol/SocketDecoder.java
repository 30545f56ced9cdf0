// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the messages of one connection together to Socket.IO packets: a text, and the binary
 * messages it announces.
 *
 * <p>One thread at a time. After a {@link ProtocolException} the connection is to be closed.
 */
public final class SocketDecoder {
  /** Names with a meaning of their own in the clients and servers of this protocol. */
  private static final Set<String> RESERVED =
      Set.of(
          "connect",
          "connect_error",
          "disconnect",
          "disconnecting",
          "newListener",
          "removeListener");

  private final JsonText json;
  private final int maxAttachments;
  private final int maxAttachmentBytes;

  private @Nullable SocketHeader pending;
  private final List<byte[]> attachments = new ArrayList<>();
  private int attachmentBytes;

  /**
   * Creates a decoder.
   *
   * @param json the reader of payloads, shared by all connections
   * @param maxAttachments how many binary messages one packet may announce
   * @param maxAttachmentBytes how long they may be together
   */
  public SocketDecoder(JsonText json, int maxAttachments, int maxAttachmentBytes) {
    this.json = json;
    this.maxAttachments = maxAttachments;
    this.maxAttachmentBytes = maxAttachmentBytes;
  }

  /** Takes a text message: the packet, or null if attachments are to follow. */
  public @Nullable SocketPacket accept(String message) throws ProtocolException {
    if (pending != null) {
      throw new ProtocolException("text in the place of an attachment");
    }
    SocketHeader header = SocketHeader.read(message);
    if (header.attachments() > maxAttachments) {
      throw new ProtocolException("more than " + maxAttachments + " attachments");
    }
    if (header.attachments() > 0) {
      pending = header;
      return null;
    }
    return packet(header);
  }

  /** Takes a binary message: the packet it completes, or null if more attachments are to follow. */
  public @Nullable SocketPacket accept(byte[] attachment) throws ProtocolException {
    SocketHeader header = pending;
    if (header == null) {
      throw new ProtocolException("binary message that no packet announced");
    }
    attachments.add(attachment);
    attachmentBytes += attachment.length;
    if (attachmentBytes > maxAttachmentBytes) {
      throw new ProtocolException("attachments are too long");
    }
    if (attachments.size() < header.attachments()) {
      return null;
    }
    SocketPacket packet = packet(header);
    pending = null;
    attachments.clear();
    attachmentBytes = 0;
    return packet;
  }

  private SocketPacket packet(SocketHeader header) throws ProtocolException {
    Object value = header.json().isEmpty() ? null : json.read(header.json());
    boolean present = !header.json().isEmpty();
    return switch (header.type()) {
      case CONNECT -> new SocketPacket.Connect(header.namespace(), auth(value, present));
      case DISCONNECT -> disconnect(header, present);
      case EVENT -> event(header, list(value));
      case BINARY_EVENT -> event(header, list(withAttachments(value)));
      case ACK -> ack(header, list(value));
      case BINARY_ACK -> ack(header, list(withAttachments(value)));
      case CONNECT_ERROR -> new SocketPacket.ConnectError(header.namespace(), value);
    };
  }

  private static Map<String, @Nullable Object> auth(@Nullable Object value, boolean present)
      throws ProtocolException {
    if (!present) {
      return Map.of();
    }
    return object(value);
  }

  private static SocketPacket disconnect(SocketHeader header, boolean present)
      throws ProtocolException {
    if (present) {
      throw new ProtocolException("a disconnect packet carries nothing");
    }
    return new SocketPacket.Disconnect(header.namespace());
  }

  private static SocketPacket event(SocketHeader header, List<@Nullable Object> values)
      throws ProtocolException {
    Object name = values.isEmpty() ? null : values.getFirst();
    if (!(name instanceof String || name instanceof Number) || RESERVED.contains(name.toString())) {
      throw new ProtocolException("an event starts with its name, which may not be a reserved one");
    }
    return new SocketPacket.Event(
        header.namespace(), header.id(), name.toString(), values.subList(1, values.size()));
  }

  private static SocketPacket ack(SocketHeader header, List<@Nullable Object> values)
      throws ProtocolException {
    Long id = header.id();
    if (id == null) {
      throw new ProtocolException("acknowledgement without an id");
    }
    return new SocketPacket.Ack(header.namespace(), id, values);
  }

  private @Nullable Object withAttachments(@Nullable Object value) throws ProtocolException {
    return switch (value) {
      case List<?> list -> {
        List<@Nullable Object> filled = new ArrayList<>(list.size());
        for (Object element : list) {
          filled.add(withAttachments(element));
        }
        yield filled;
      }
      case Map<?, ?> map when Boolean.TRUE.equals(map.get(SocketCodec.PLACEHOLDER)) ->
          attachment(map.get(SocketCodec.NUMBER));
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> filled = LinkedHashMap.newLinkedHashMap(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          filled.put((String) entry.getKey(), withAttachments(entry.getValue()));
        }
        yield filled;
      }
      case null, default -> value;
    };
  }

  private byte[] attachment(@Nullable Object number) throws ProtocolException {
    if (number instanceof Integer index && index >= 0 && index < attachments.size()) {
      return attachments.get(index);
    }
    throw new ProtocolException("placeholder of an attachment that is not there");
  }

  // Jackson gives arrays as lists and objects as maps with text keys, and nothing else does.
  @SuppressWarnings("unchecked")
  private static List<@Nullable Object> list(@Nullable Object value) throws ProtocolException {
    if (value instanceof List<?> list) {
      return (List<@Nullable Object>) list;
    }
    throw new ProtocolException("payload is not an array");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> object(@Nullable Object value)
      throws ProtocolException {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw new ProtocolException("payload is not an object");
  }
}
