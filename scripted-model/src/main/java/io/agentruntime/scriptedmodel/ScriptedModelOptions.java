// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import io.agentruntime.scriptedmodel.script.Scenarios;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a {@link ScriptedModel} is run. Immutable; begin with {@link #defaults} and change what must
 * differ.
 *
 * @param bind the address to listen on
 * @param port the port; 0 takes a free one
 * @param apiKey the key that clients must send; any or none when empty
 * @param pathToken a secret in the base path ({@code /t/<token>}); none when empty
 * @param workingDirectory what relative paths in scripts mean when the agent program does not say
 *     where it works
 * @param chunkCodePoints how many characters a delta has
 * @param chunkGap the pause before each delta
 * @param maxBodyBytes larger requests are refused with 413
 * @param maxConnections more connections wait until one ends
 * @param recordedRequests how many requests {@link ScriptedModel#requests} remembers
 * @param scenarios scripts by name for {@code [[scenario:name]]}, beside the built-in ones
 */
public record ScriptedModelOptions(
    String bind,
    int port,
    Optional<String> apiKey,
    Optional<String> pathToken,
    String workingDirectory,
    int chunkCodePoints,
    Duration chunkGap,
    long maxBodyBytes,
    int maxConnections,
    int recordedRequests,
    Map<String, String> scenarios) {

  public ScriptedModelOptions {
    pathToken.ifPresent(
        token -> {
          if (!token.matches("[A-Za-z0-9_-]{1,200}")) {
            throw new IllegalArgumentException("A path token has letters, digits, - and _ only");
          }
        });
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("Not a port: " + port);
    }
    if (chunkCodePoints < 1 || maxBodyBytes < 1 || maxConnections < 1 || recordedRequests < 0) {
      throw new IllegalArgumentException("Sizes and limits must be positive");
    }
    if (chunkGap.isNegative() || !workingDirectory.startsWith("/")) {
      throw new IllegalArgumentException("The gap must not be negative, the directory absolute");
    }
    Map<String, String> all = new TreeMap<>(Scenarios.builtIn());
    all.putAll(scenarios);
    scenarios = Map.copyOf(all);
  }

  /** A free port on the loopback address, no key, small chunks without pause. */
  public static ScriptedModelOptions defaults() {
    return new ScriptedModelOptions(
        "127.0.0.1",
        0,
        Optional.empty(),
        Optional.empty(),
        "/workspace",
        12,
        Duration.ZERO,
        64L * 1024 * 1024,
        1024,
        256,
        Map.of());
  }

  public ScriptedModelOptions withBind(String value) {
    return new ScriptedModelOptions(
        value,
        port,
        apiKey,
        pathToken,
        workingDirectory,
        chunkCodePoints,
        chunkGap,
        maxBodyBytes,
        maxConnections,
        recordedRequests,
        scenarios);
  }

  public ScriptedModelOptions withPort(int value) {
    return new ScriptedModelOptions(
        bind,
        value,
        apiKey,
        pathToken,
        workingDirectory,
        chunkCodePoints,
        chunkGap,
        maxBodyBytes,
        maxConnections,
        recordedRequests,
        scenarios);
  }

  public ScriptedModelOptions withApiKey(String value) {
    return new ScriptedModelOptions(
        bind,
        port,
        Optional.of(value),
        pathToken,
        workingDirectory,
        chunkCodePoints,
        chunkGap,
        maxBodyBytes,
        maxConnections,
        recordedRequests,
        scenarios);
  }

  public ScriptedModelOptions withPathToken(String value) {
    return new ScriptedModelOptions(
        bind,
        port,
        apiKey,
        Optional.of(value),
        workingDirectory,
        chunkCodePoints,
        chunkGap,
        maxBodyBytes,
        maxConnections,
        recordedRequests,
        scenarios);
  }

  public ScriptedModelOptions withWorkingDirectory(String value) {
    return new ScriptedModelOptions(
        bind,
        port,
        apiKey,
        pathToken,
        value,
        chunkCodePoints,
        chunkGap,
        maxBodyBytes,
        maxConnections,
        recordedRequests,
        scenarios);
  }

  public ScriptedModelOptions withChunks(int codePoints, Duration gap) {
    return new ScriptedModelOptions(
        bind,
        port,
        apiKey,
        pathToken,
        workingDirectory,
        codePoints,
        gap,
        maxBodyBytes,
        maxConnections,
        recordedRequests,
        scenarios);
  }

  public ScriptedModelOptions withLimits(long bodyBytes, int connections, int requests) {
    return new ScriptedModelOptions(
        bind,
        port,
        apiKey,
        pathToken,
        workingDirectory,
        chunkCodePoints,
        chunkGap,
        bodyBytes,
        connections,
        requests,
        scenarios);
  }

  public ScriptedModelOptions withScenario(String name, String script) {
    Map<String, String> more = new TreeMap<>(scenarios);
    more.put(name, script);
    return new ScriptedModelOptions(
        bind,
        port,
        apiKey,
        pathToken,
        workingDirectory,
        chunkCodePoints,
        chunkGap,
        maxBodyBytes,
        maxConnections,
        recordedRequests,
        more);
  }

  /** Shows neither key nor token. */
  @Override
  public String toString() {
    return "ScriptedModelOptions[" + bind + ":" + port + ", scenarios=" + scenarios.keySet() + "]";
  }
}
