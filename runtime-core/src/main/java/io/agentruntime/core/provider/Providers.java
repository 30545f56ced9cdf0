// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import io.agentruntime.core.provider.ProviderDiscovery.Found;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.HealthProblem;
import io.agentruntime.spi.Provider;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers that a runtime has opened. Thread-safe; {@link #close()} closes all of them, the
 * last opened first.
 */
public final class Providers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Providers.class);

  private final Map<String, Found<SandboxProvider>> sandboxes;
  private final Map<String, Found<AgentArchitecture>> architectures;
  private final List<Found<PersistenceAdapter>> adapters;
  private final Found<PersistenceAdapter> persistence;
  private final List<BrokenProvider> broken;
  private final List<Found<? extends Provider>> opened;
  private final List<IsolatedFolder> folders;

  /** What {@link ProviderStart} has opened; from now on it is closed here. */
  Providers(
      List<Found<SandboxProvider>> sandboxes,
      List<Found<AgentArchitecture>> architectures,
      List<Found<PersistenceAdapter>> adapters,
      Found<PersistenceAdapter> persistence,
      List<BrokenProvider> broken,
      List<Found<? extends Provider>> opened,
      List<IsolatedFolder> folders) {
    this.sandboxes = byId(sandboxes);
    this.architectures = byId(architectures);
    this.adapters = List.copyOf(adapters);
    this.persistence = persistence;
    this.broken = List.copyOf(broken);
    this.opened = new ArrayList<>(opened);
    this.folders = List.copyOf(folders);
  }

  /** The one persistence adapter in use. */
  public PersistenceAdapter persistence() {
    return persistence.provider();
  }

  /** All sandbox providers. */
  public List<SandboxProvider> sandboxes() {
    return sandboxes.values().stream().map(Found::provider).toList();
  }

  /** All architectures. */
  public List<AgentArchitecture> architectures() {
    return architectures.values().stream().map(Found::provider).toList();
  }

  /**
   * A sandbox provider by id.
   *
   * @throws AgentRuntimeException {@code UNKNOWN_PROVIDER}, listing the known ones
   */
  public SandboxProvider sandbox(String id) {
    Found<SandboxProvider> found = sandboxes.get(id);
    if (found == null) {
      throw new AgentRuntimeException(
          StandardError.UNKNOWN_PROVIDER,
          "no sandbox provider is called '"
              + id
              + "'; known: "
              + sandboxes.keySet()
              + why(ProviderKind.SANDBOX, id));
    }
    return found.provider();
  }

  /** An architecture by id or synonym, if there is one. */
  public Optional<AgentArchitecture> findArchitecture(String name) {
    return architectures.values().stream()
        .map(Found::provider)
        .filter(candidate -> candidate.id().equals(name) || candidate.synonyms().contains(name))
        .findFirst();
  }

  /**
   * An architecture by id or synonym.
   *
   * @throws AgentRuntimeException {@code UNKNOWN_ARCHITECTURE}, listing the known ones
   */
  public AgentArchitecture architecture(String name) {
    return findArchitecture(name)
        .orElseThrow(
            () ->
                new AgentRuntimeException(
                    StandardError.UNKNOWN_ARCHITECTURE,
                    "no agent architecture is called '"
                        + name
                        + "'; known: "
                        + String.join(", ", architectureNames())
                        + why(ProviderKind.ARCHITECTURE, name)));
  }

  /** All ids and synonyms of architectures, sorted. */
  public List<String> architectureNames() {
    return architectures.values().stream()
        .map(Found::provider)
        .flatMap(a -> Stream.concat(Stream.of(a.id()), a.synonyms().stream()))
        .sorted()
        .toList();
  }

  /** What was found, for listings. */
  public List<ProviderInfo> infos() {
    List<ProviderInfo> infos = new ArrayList<>();
    sandboxes.values().forEach(f -> infos.add(info(f, f.provider().capabilities(), true)));
    for (Found<PersistenceAdapter> adapter : adapters) {
      boolean active = adapter == persistence;
      infos.add(info(adapter, active ? adapter.provider().capabilities() : List.of(), active));
    }
    architectures.values().forEach(f -> infos.add(info(f, f.provider().capabilities(), true)));
    broken.forEach(
        b ->
            infos.add(
                new ProviderInfo(
                    b.kind(), b.name(), b.version(), b.location(), List.of(), false, b.problem())));
    return infos;
  }

  /**
   * What keeps providers from working at this moment, in the order of {@link #infos()}; nothing is
   * known of those that are not used.
   */
  public List<List<HealthProblem>> health(Duration patience) throws InterruptedException {
    List<Found<? extends Provider>> asked = new ArrayList<>(sandboxes.values());
    asked.add(persistence);
    asked.addAll(architectures.values());
    List<List<HealthProblem>> answers = HealthRound.ask(asked, patience);
    List<List<HealthProblem>> health = new ArrayList<>(answers.subList(0, sandboxes.size()));
    for (Found<PersistenceAdapter> adapter : adapters) {
      health.add(adapter == persistence ? answers.get(sandboxes.size()) : List.of());
    }
    health.addAll(answers.subList(sandboxes.size() + 1, answers.size()));
    broken.forEach(b -> health.add(List.of()));
    return health;
  }

  @Override
  public void close() {
    synchronized (opened) {
      for (Found<? extends Provider> found : opened.reversed()) {
        try {
          found.provider().close();
        } catch (RuntimeException | LinkageError e) {
          log.warn("closing provider '{}' from {} failed", found.id(), found.location(), e);
        }
      }
      opened.clear();
      for (IsolatedFolder folder : folders) {
        try {
          folder.close();
        } catch (RuntimeException e) {
          log.warn("closing {} failed", folder.folder(), e);
        }
      }
    }
  }

  /** Why a provider that someone names is not there, when that is known. */
  private String why(ProviderKind kind, String name) {
    return broken.stream()
        .filter(candidate -> candidate.kind() == kind && candidate.name().equals(name))
        .findFirst()
        .map(candidate -> "; the one from " + candidate.location() + ": " + candidate.problem())
        .orElse("");
  }

  private static ProviderInfo info(
      Found<? extends Provider> found, Collection<?> capabilities, boolean active) {
    return new ProviderInfo(
        found.kind(),
        found.id(),
        found.version(),
        found.location(),
        capabilities.stream().map(Object::toString).sorted().toList(),
        active,
        null);
  }

  private static <P extends Provider> Map<String, Found<P>> byId(List<Found<P>> found) {
    Map<String, Found<P>> map = new TreeMap<>();
    found.forEach(f -> map.put(f.id(), f));
    return map;
  }
}
