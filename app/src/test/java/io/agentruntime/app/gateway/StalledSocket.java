// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that joins over a WebSocket and then reads no more. */
public final class StalledSocket implements AutoCloseable {
  private static final int SMALL_BUFFER = 4096;
  private static final int TIMEOUT_MILLIS = 30_000;

  private static final Pattern SID = Pattern.compile("\"sid\":\"([^\"]+)\"");

  private final Socket socket = new Socket();
  private String sid = "";

  private StalledSocket(GatewayServer server) throws IOException {
    socket.setReceiveBufferSize(SMALL_BUFFER);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
  }

  /** Joins the main namespace, and stalls. */
  public static StalledSocket join(GatewayServer server) throws IOException {
    StalledSocket stalled = new StalledSocket(server);
    stalled.write(
        ("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    Matcher handshake = SID.matcher(stalled.readUntil("\"maxPayload\":1000000}"));
    stalled.sid = handshake.find() ? handshake.group(1) : "";
    // A masked text frame of "40", with a mask of zeros.
    stalled.write(new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, '4', '0'});
    stalled.readUntil("[\"auth\",{}]");
    return stalled;
  }

  private void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  private String readUntil(String end) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    while (!read.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("closed after " + read.toString(StandardCharsets.ISO_8859_1));
      }
      read.write(next);
    }
    return read.toString(StandardCharsets.ISO_8859_1);
  }

  /** The id of its session. */
  public String sid() {
    return sid;
  }

  /** Reads what is left: whether there is an end to it. */
  public boolean readsToTheEnd() throws IOException {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[65_536];
    try {
      while (in.read(buffer) >= 0) {
        continue;
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      // A reset is an end too.
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
