// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.Provider;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.Spliterator;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds providers with {@link ServiceLoader} and checks their ids. One that cannot be loaded costs
 * only itself: it is put on the list of broken ones. One thread at a time.
 */
public final class ProviderDiscovery {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /** A service file that cannot be parsed may be met again and again. */
  private static final int MAX_FAILURES = 1_000;

  private final List<ProviderSource> sources;
  private final List<? extends Provider> further;
  private final List<BrokenProvider> broken = new ArrayList<>();

  /**
   * Looks in these places.
   *
   * @param sources class loaders; where two providers have one id, the first one is taken
   * @param further providers beside those that are found, taken last
   */
  ProviderDiscovery(List<ProviderSource> sources, List<? extends Provider> further) {
    this.sources = List.copyOf(sources);
    this.further = List.copyOf(further);
  }

  /**
   * A provider with what is known of its origin.
   *
   * @param kind which SPI
   * @param provider the provider, not opened
   * @param id its id, asked once
   * @param version its jar's version
   * @param location its jar or folder
   */
  public record Found<P extends Provider>(
      ProviderKind kind, P provider, String id, String version, String location) {
    /** What is known of it when it turns out that it cannot be used. */
    BrokenProvider broken(String problem) {
      return new BrokenProvider(kind, id, version, location, problem);
    }
  }

  /** All sandbox providers. */
  List<Found<SandboxProvider>> sandboxes() {
    return find(ProviderKind.SANDBOX, SandboxProvider.class);
  }

  /** All persistence adapters. */
  List<Found<PersistenceAdapter>> adapters() {
    return find(ProviderKind.PERSISTENCE, PersistenceAdapter.class);
  }

  /** All architectures; ids and synonyms are unique together. */
  List<Found<AgentArchitecture>> architectures() {
    List<Found<AgentArchitecture>> unique = new ArrayList<>();
    Map<String, Found<AgentArchitecture>> names = new HashMap<>();
    for (Found<AgentArchitecture> candidate :
        find(ProviderKind.ARCHITECTURE, AgentArchitecture.class)) {
      Set<String> own = new TreeSet<>(candidate.provider().synonyms());
      own.add(candidate.id());
      boolean free = true;
      for (String name : own) {
        Found<AgentArchitecture> holder = names.putIfAbsent(name, candidate);
        if (holder != null && free) {
          refuse(candidate, name, holder.location());
          free = false;
        }
      }
      if (free) {
        unique.add(candidate);
      } else {
        names.values().removeIf(holder -> holder == candidate);
      }
    }
    return List.copyOf(unique);
  }

  /** What was met and cannot be used, in the order in which it was met. */
  List<BrokenProvider> broken() {
    return List.copyOf(broken);
  }

  private <P extends Provider> List<Found<P>> find(ProviderKind kind, Class<P> type) {
    List<Found<P>> found = new ArrayList<>();
    sources.forEach(source -> find(kind, type, source, found));
    for (Provider provider : further) {
      if (type.isInstance(provider)) {
        found.add(given(kind, type.cast(provider)));
      }
    }
    Map<String, Found<P>> byId = new HashMap<>();
    found.removeIf(
        candidate -> {
          Found<P> other = byId.putIfAbsent(candidate.id(), candidate);
          if (other != null) {
            refuse(candidate, candidate.id(), other.location());
          }
          return other != null;
        });
    return found;
  }

  private <P extends Provider> void find(
      ProviderKind kind, Class<P> type, ProviderSource source, List<Found<P>> found) {
    ServiceEntries entries = ServiceEntries.read(type, source.loader());
    List<String> waiting = new ArrayList<>(entries.classes());
    Spliterator<ServiceLoader.Provider<P>> services =
        ServiceLoader.load(type, source.loader()).stream().spliterator();
    for (int failures = 0; failures < MAX_FAILURES; ) {
      try {
        if (!services.tryAdvance(
            service -> {
              waiting.remove(service.type().getName());
              instantiate(kind, type, source, service).ifPresent(found::add);
            })) {
          return;
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        failures++;
        // Entries come in the order of their files: the next one that was not met is the culprit.
        String name = waiting.isEmpty() ? "unknown" : waiting.removeFirst();
        add(new BrokenProvider(kind, name, "unknown", entries.jarOf(name), reason(e)));
      }
    }
  }

  /** Runs the provider's constructor and asks for its id: code that nobody here has seen. */
  private <P extends Provider> Optional<Found<P>> instantiate(
      ProviderKind kind, Class<P> type, ProviderSource source, ServiceLoader.Provider<P> service) {
    Class<? extends P> implementation = service.type();
    try {
      return Optional.of(describe(kind, source.guarded(type, service.get()), implementation));
    } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
      add(
          new BrokenProvider(
              kind,
              implementation.getName(),
              version(implementation),
              JarNames.of(implementation),
              reason(e)));
      return Optional.empty();
    }
  }

  /** What a program hands over itself has to be right. */
  private static <P extends Provider> Found<P> given(ProviderKind kind, P provider) {
    try {
      return describe(kind, provider, provider.getClass());
    } catch (IllegalArgumentException e) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, provider.getClass().getName() + ": " + e.getMessage(), e);
    }
  }

  private static <P extends Provider> Found<P> describe(
      ProviderKind kind, P provider, Class<?> implementation) {
    String id = provider.id();
    if (id == null || !ID.matcher(id).matches()) {
      throw new IllegalArgumentException("its id is '" + id + "': expected kebab case");
    }
    return new Found<>(kind, provider, id, version(implementation), JarNames.of(implementation));
  }

  private void refuse(Found<?> candidate, String name, String holder) {
    add(
        candidate.broken(
            "another provider, from "
                + (holder.equals(candidate.location()) ? "another jar of that name" : holder)
                + ", is called '"
                + name
                + "' already; remove one"));
  }

  private void add(BrokenProvider problem) {
    broken.add(problem);
  }

  private static String version(Class<?> implementation) {
    Package own = implementation.getPackage();
    return own == null || own.getImplementationVersion() == null
        ? "unknown"
        : own.getImplementationVersion();
  }

  private static String reason(Throwable failure) {
    Throwable cause =
        failure instanceof ServiceConfigurationError && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case IllegalArgumentException e when failure == cause -> String.valueOf(e.getMessage());
      case ServiceConfigurationError e -> String.valueOf(e.getMessage());
      case NoClassDefFoundError e -> "it needs a class that is not there: " + e.getMessage();
      case UnsupportedClassVersionError e -> "it was built for a newer Java: " + e.getMessage();
      default -> cause.toString();
    };
  }
}
