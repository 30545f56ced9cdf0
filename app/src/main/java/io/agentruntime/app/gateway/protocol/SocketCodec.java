// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Encodes Socket.IO 5 packets, each inside the Engine.IO message that carries it. Stateless.
 *
 * <p>Arguments are plain maps, lists, strings, numbers, booleans, null, records of these, and byte
 * arrays, which travel as attachments. Anything else is an {@link IllegalArgumentException}.
 */
public final class SocketCodec {
  static final String PLACEHOLDER = "_placeholder";
  static final String NUMBER = "num";

  private static final String ATTACHMENTS = "attachments";
  private static final ObjectWriter WRITER = mapper().writer();

  private SocketCodec() {}

  /**
   * Tells a client that it joined the namespace.
   *
   * @param recoveryId what it is to name when it connects again; null if that would not help
   */
  public static EncodedPacket connect(
      String namespace, String socketId, @Nullable String recoveryId) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("sid", socketId);
    if (recoveryId != null) {
      data.put("pid", recoveryId);
    }
    return encode(SocketPacketType.CONNECT, namespace, null, data);
  }

  /**
   * Tells a client that it may not join the namespace.
   *
   * @param data further facts for the client's program; null for none
   */
  public static EncodedPacket connectError(
      String namespace, String message, @Nullable Object data) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", message);
    if (data != null) {
      error.put("data", data);
    }
    return encode(SocketPacketType.CONNECT_ERROR, namespace, null, error);
  }

  /** Tells a client that it left the namespace. */
  public static EncodedPacket disconnect(String namespace) {
    return EncodedPacket.ofText(header(SocketPacketType.DISCONNECT, 0, namespace, null), List.of());
  }

  /** An event of the main namespace that expects no acknowledgement. */
  public static EncodedPacket event(String name, @Nullable Object... args) {
    return event(SocketHeader.MAIN, null, name, Arrays.asList(args));
  }

  /**
   * An event.
   *
   * @param id under which the client is to acknowledge it; null if it is not
   */
  public static EncodedPacket event(
      String namespace, @Nullable Long id, String name, List<? extends @Nullable Object> args) {
    List<@Nullable Object> values = new ArrayList<>(args.size() + 1);
    values.add(name);
    values.addAll(args);
    return encode(SocketPacketType.EVENT, namespace, id, values);
  }

  /** Acknowledges the client's event of that id. */
  public static EncodedPacket ack(
      String namespace, long id, List<? extends @Nullable Object> args) {
    return encode(SocketPacketType.ACK, namespace, id, args);
  }

  private static EncodedPacket encode(
      SocketPacketType type, String namespace, @Nullable Long id, Object value) {
    List<byte[]> attachments = new ArrayList<>(0);
    byte[] header = header(type, 0, namespace, id);
    byte[] packet = write(header, value, attachments);
    if (attachments.isEmpty()) {
      return EncodedPacket.ofText(packet, attachments);
    }
    // Their number stands in front of the text in which they are found: so the header comes anew.
    SocketPacketType binary =
        type == SocketPacketType.ACK ? SocketPacketType.BINARY_ACK : SocketPacketType.BINARY_EVENT;
    ByteArrayOutputStream rewritten = new ByteArrayOutputStream(packet.length + 8);
    rewritten.writeBytes(header(binary, attachments.size(), namespace, id));
    rewritten.write(packet, header.length, packet.length - header.length);
    return EncodedPacket.ofText(rewritten.toByteArray(), attachments);
  }

  private static byte[] header(
      SocketPacketType type, int attachments, String namespace, @Nullable Long id) {
    StringBuilder header = new StringBuilder(24);
    header.append(EnginePacketType.MESSAGE.digit()).append(type.digit());
    if (type.isBinary()) {
      header.append(attachments).append('-');
    }
    if (!namespace.equals(SocketHeader.MAIN)) {
      header.append(namespace).append(',');
    }
    if (id != null) {
      header.append(id.longValue());
    }
    return header.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] write(byte[] header, Object value, List<byte[]> attachments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    out.writeBytes(header);
    try {
      WRITER.withAttribute(ATTACHMENTS, attachments).writeValue(out, value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("packet cannot be encoded", e);
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail", e);
    }
    return out.toByteArray();
  }

  private static JsonMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            // Four bytes for what lies beyond the basic plane, not an escape of twelve.
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();
    SimpleModule binary = new SimpleModule();
    binary.addSerializer(byte[].class, new Attachments());
    return JsonMapper.builder(factory).addModule(binary).build();
  }

  /** Puts byte arrays aside and leaves a placeholder. */
  private static final class Attachments extends JsonSerializer<byte[]> {
    @Override
    public void serialize(byte[] value, JsonGenerator json, SerializerProvider context)
        throws IOException {
      @SuppressWarnings("unchecked")
      List<byte[]> attachments = (List<byte[]>) context.getAttribute(ATTACHMENTS);
      json.writeStartObject();
      json.writeBooleanField(PLACEHOLDER, true);
      json.writeNumberField(NUMBER, attachments.size());
      json.writeEndObject();
      attachments.add(value);
    }
  }
}
