package io.agentruntime.core.provider;

import io.agentruntime.core.provider.ProviderDiscovery.Found;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.Provider;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers that a runtime has opened. Thread-safe after {@link #open}; {@link #close()} closes
 * all of them, the last opened first.
 */
public final class Providers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Providers.class);

  private final Map<String, Found<SandboxProvider>> sandboxes;
  private final Map<String, Found<AgentArchitecture>> architectures;
  private final List<Found<PersistenceAdapter>> adapters;
  private final Found<PersistenceAdapter> persistence;
  private final List<Found<? extends Provider>> opened = new ArrayList<>();

  private Providers(
      List<Found<SandboxProvider>> sandboxes,
      List<Found<PersistenceAdapter>> adapters,
      List<Found<AgentArchitecture>> architectures,
      @Nullable String persistence) {
    this.sandboxes = byId(sandboxes);
    this.architectures = byId(architectures);
    this.adapters = adapters;
    requireSome(ProviderKind.SANDBOX, sandboxes);
    requireSome(ProviderKind.ARCHITECTURE, architectures);
    this.persistence = select(ProviderKind.PERSISTENCE, adapters, persistence);
  }

  /**
   * Finds, selects and opens providers. When one fails to open, those opened before are closed.
   *
   * @param loader where to look
   * @param further providers beside those that are found
   * @param persistence the adapter's id, null when there is only one
   * @param contexts what each provider is told
   */
  public static Providers open(
      ClassLoader loader,
      List<? extends Provider> further,
      @Nullable String persistence,
      Function<Found<? extends Provider>, PluginContext> contexts)
      throws InterruptedException {
    Providers providers =
        new Providers(
            ProviderDiscovery.sandboxes(loader, further),
            ProviderDiscovery.adapters(loader, further),
            ProviderDiscovery.architectures(loader, further),
            persistence);
    try {
      providers.open(ProviderKind.PERSISTENCE, providers.persistence, contexts);
      for (Found<SandboxProvider> sandbox : providers.sandboxes.values()) {
        providers.open(ProviderKind.SANDBOX, sandbox, contexts);
      }
      for (Found<AgentArchitecture> architecture : providers.architectures.values()) {
        providers.open(ProviderKind.ARCHITECTURE, architecture, contexts);
      }
      return providers;
    } catch (RuntimeException | InterruptedException e) {
      providers.close();
      throw e;
    }
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
          "no sandbox provider is called '" + id + "'; known: " + sandboxes.keySet());
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
                        + String.join(", ", architectureNames())));
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
    sandboxes
        .values()
        .forEach(f -> infos.add(info(ProviderKind.SANDBOX, f, f.provider().capabilities(), true)));
    adapters.forEach(
        f -> {
          boolean active = f == persistence;
          infos.add(
              info(
                  ProviderKind.PERSISTENCE,
                  f,
                  active ? f.provider().capabilities() : List.of(),
                  active));
        });
    architectures
        .values()
        .forEach(
            f -> infos.add(info(ProviderKind.ARCHITECTURE, f, f.provider().capabilities(), true)));
    return infos;
  }

  @Override
  public void close() {
    synchronized (opened) {
      for (Found<? extends Provider> found : opened.reversed()) {
        try {
          found.provider().close();
        } catch (RuntimeException e) {
          log.warn("closing provider '{}' from {} failed", found.id(), found.location(), e);
        }
      }
      opened.clear();
    }
  }

  private void open(
      ProviderKind kind,
      Found<? extends Provider> found,
      Function<Found<? extends Provider>, PluginContext> contexts)
      throws InterruptedException {
    try {
      found.provider().open(contexts.apply(found));
    } catch (AgentRuntimeException e) {
      throw new AgentRuntimeException(
          e.code(),
          kind.key()
              + " provider '"
              + found.id()
              + "' from "
              + found.location()
              + " cannot be opened: "
              + e.getMessage(),
          e);
    } catch (RuntimeException | LinkageError e) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          kind.key()
              + " provider '"
              + found.id()
              + "' from "
              + found.location()
              + " cannot be opened: "
              + e,
          e);
    }
    synchronized (opened) {
      opened.add(found);
    }
    log.info(
        "{} provider '{}' version {} from {}",
        kind.key(),
        found.id(),
        found.version(),
        found.location());
  }

  private static ProviderInfo info(
      ProviderKind kind, Found<?> found, java.util.Collection<?> capabilities, boolean active) {
    return new ProviderInfo(
        kind,
        found.id(),
        found.version(),
        found.location(),
        capabilities.stream().map(Object::toString).sorted().toList(),
        active);
  }

  private static <P extends Provider> Map<String, Found<P>> byId(List<Found<P>> found) {
    Map<String, Found<P>> map = new TreeMap<>();
    found.forEach(f -> map.put(f.id(), f));
    return map;
  }

  private static void requireSome(ProviderKind kind, List<?> found) {
    if (found.isEmpty()) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "no "
              + kind.key()
              + " provider is on the class path; add one's jar, for instance "
              + exampleJar(kind));
    }
  }

  private static <P extends Provider> Found<P> select(
      ProviderKind kind, List<Found<P>> found, @Nullable String id) {
    requireSome(kind, found);
    String known = found.stream().map(Found::id).sorted().collect(Collectors.joining(", "));
    if (id == null) {
      if (found.size() > 1) {
        throw new AgentRuntimeException(
            StandardError.CONFIGURATION,
            "several "
                + kind.key()
                + " providers are on the class path ("
                + known
                + "); set agent-runtime."
                + kind.key()
                + " to one of them");
      }
      return found.getFirst();
    }
    return found.stream()
        .filter(f -> f.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new AgentRuntimeException(
                    StandardError.CONFIGURATION,
                    "agent-runtime."
                        + kind.key()
                        + " is '"
                        + id
                        + "', but no such provider is on the class path; found: "
                        + known));
  }

  private static String exampleJar(ProviderKind kind) {
    return switch (kind) {
      case SANDBOX -> "sandbox-local";
      case PERSISTENCE -> "persistence-memory";
      case ARCHITECTURE -> "architecture-claude";
    };
  }
}
