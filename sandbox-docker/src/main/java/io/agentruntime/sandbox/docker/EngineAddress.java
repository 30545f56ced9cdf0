// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;

/**
 * Where a Docker engine listens.
 *
 * @param uri as configured, {@code unix:///path} or {@code tcp://host:port}
 */
record EngineAddress(URI uri) {
  private static final String EXPECTED =
      "expected unix:///path or tcp://host:port (plain TCP; for TLS or ssh, forward a socket)";

  /** Checks that streaming over this address is possible. */
  EngineAddress {
    boolean unix =
        "unix".equals(uri.getScheme()) && uri.getPath() != null && isEmpty(uri.getHost());
    boolean tcp = "tcp".equals(uri.getScheme()) && !isEmpty(uri.getHost()) && uri.getPort() > 0;
    if (!unix && !tcp) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, "Docker host '" + uri + "': " + EXPECTED);
    }
  }

  /** Reads a setting or the value of {@code DOCKER_HOST}. */
  static EngineAddress parse(String text) {
    try {
      return new EngineAddress(URI.create(text));
    } catch (IllegalArgumentException e) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, "Docker host '" + text + "': " + EXPECTED, e);
    }
  }

  /** Whether the engine runs on this machine, so that its containers' addresses are reachable. */
  boolean isLocal() {
    return "unix".equals(uri.getScheme());
  }

  /** The socket's address; a host name is resolved anew at every call. */
  SocketAddress socketAddress() {
    return isLocal()
        ? UnixDomainSocketAddress.of(uri.getPath())
        : new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  @Override
  public String toString() {
    return uri.toString();
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }
}
