// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How a {@link StandIn} behaves.
 *
 * @param tls whether both servers speak TLS; else plaintext HTTP/2 with prior knowledge
 * @param host the loopback address to listen at; the vendor's SDK dials the router in plaintext
 *     whenever the control plane is at 127.0.0.1, so TLS is at 127.0.0.2
 * @param tokenId the only token id that is let in
 * @param tokenSecret its secret
 * @param environments the environments there are; the first is the default
 * @param controlTokenLifetime how long a token of the control plane is good for
 * @param routerTokenLifetime how long a token of the command router is good for; the SDK refreshes
 *     one only within its last 30 seconds
 * @param maxStreams concurrent calls per connection, announced and enforced
 * @param pageSize how many sandboxes a page of the list has
 * @param shared folders of this machine that every sandbox sees, read only, at the same path
 * @param installed beginnings of Dockerfile instructions that are taken as done, not run: what they
 *     would install is in a shared folder
 */
public record StandInSettings(
    boolean tls,
    String host,
    String tokenId,
    String tokenSecret,
    Set<String> environments,
    Duration controlTokenLifetime,
    Duration routerTokenLifetime,
    int maxStreams,
    int pageSize,
    List<Path> shared,
    List<String> installed) {

  /** Copies the collections. */
  public StandInSettings {
    environments = new java.util.LinkedHashSet<>(environments);
    shared = List.copyOf(shared);
    installed = List.copyOf(installed);
  }

  /** HTTP/2 without TLS at 127.0.0.1. */
  public static StandInSettings plaintext() {
    return new StandInSettings(
        false,
        "127.0.0.1",
        "ak-stand-in",
        "as-stand-in",
        Set.of("main"),
        Duration.ofMinutes(20),
        Duration.ofMinutes(20),
        10,
        100,
        List.of(),
        List.of());
  }

  /** TLS at 127.0.0.2, with a certificate of the stand-in's own. */
  public static StandInSettings encrypted() {
    StandInSettings p = plaintext();
    return new StandInSettings(
        true,
        "127.0.0.2",
        p.tokenId,
        p.tokenSecret,
        p.environments,
        p.controlTokenLifetime,
        p.routerTokenLifetime,
        p.maxStreams,
        p.pageSize,
        p.shared,
        p.installed);
  }

  /** With tokens that live this long. */
  public StandInSettings withLifetimes(Duration controlToken, Duration routerToken) {
    return new StandInSettings(
        tls,
        host,
        tokenId,
        tokenSecret,
        environments,
        controlToken,
        routerToken,
        maxStreams,
        pageSize,
        shared,
        installed);
  }

  /** With pages of this many sandboxes. */
  public StandInSettings withPageSize(int size) {
    return new StandInSettings(
        tls,
        host,
        tokenId,
        tokenSecret,
        environments,
        controlTokenLifetime,
        routerTokenLifetime,
        maxStreams,
        size,
        shared,
        installed);
  }

  /** With folders all sandboxes see, and Dockerfile instructions that they make unnecessary. */
  public StandInSettings withPrograms(List<Path> folders, List<String> instructions) {
    return new StandInSettings(
        tls,
        host,
        tokenId,
        tokenSecret,
        environments,
        controlTokenLifetime,
        routerTokenLifetime,
        maxStreams,
        pageSize,
        folders,
        instructions);
  }
}
