package io.agentruntime.core.provider;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.Provider;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

/** Finds providers on the class path and checks their ids. Stateless. */
public final class ProviderDiscovery {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  private ProviderDiscovery() {}

  /**
   * A provider with what is known of its origin.
   *
   * @param provider the provider, not opened
   * @param id its id, asked once
   * @param version its jar's version
   * @param location its jar or folder
   */
  public record Found<P extends Provider>(P provider, String id, String version, String location) {}

  /** All sandbox providers that a class loader sees. */
  public static List<Found<SandboxProvider>> sandboxes(
      ClassLoader loader, List<? extends Provider> further) {
    return find(SandboxProvider.class, loader, further);
  }

  /** All persistence adapters that a class loader sees. */
  public static List<Found<PersistenceAdapter>> adapters(
      ClassLoader loader, List<? extends Provider> further) {
    return find(PersistenceAdapter.class, loader, further);
  }

  /** All architectures that a class loader sees; ids and synonyms are unique together. */
  public static List<Found<AgentArchitecture>> architectures(
      ClassLoader loader, List<? extends Provider> further) {
    List<Found<AgentArchitecture>> found = find(AgentArchitecture.class, loader, further);
    Map<String, Found<AgentArchitecture>> names = new HashMap<>();
    for (Found<AgentArchitecture> architecture : found) {
      requireFree(names, architecture.id(), architecture);
      architecture.provider().synonyms().forEach(s -> requireFree(names, s, architecture));
    }
    return found;
  }

  private static <P extends Provider> List<Found<P>> find(
      Class<P> type, ClassLoader loader, List<? extends Provider> further) {
    List<Found<P>> found = new ArrayList<>();
    Iterator<ServiceLoader.Provider<P>> services =
        ServiceLoader.load(type, loader).stream().iterator();
    while (hasNext(services, type)) {
      found.add(instantiate(type, services));
    }
    for (Provider provider : further) {
      if (type.isInstance(provider)) {
        found.add(describe(type, type.cast(provider), provider.getClass()));
      }
    }
    Map<String, Found<P>> byId = new HashMap<>();
    found.forEach(candidate -> requireFree(byId, candidate.id(), candidate));
    return List.copyOf(found);
  }

  private static <P> boolean hasNext(Iterator<?> services, Class<P> type) {
    try {
      return services.hasNext();
    } catch (ServiceConfigurationError e) {
      throw broken(type, "the class path", e);
    }
  }

  private static <P extends Provider> Found<P> instantiate(
      Class<P> type, Iterator<ServiceLoader.Provider<P>> services) {
    String location = "the class path";
    try {
      ServiceLoader.Provider<P> service = services.next();
      Class<? extends P> implementation = service.type();
      location = location(implementation);
      return describe(type, service.get(), implementation);
    } catch (ServiceConfigurationError | LinkageError e) {
      throw broken(type, location, e);
    } catch (AgentRuntimeException e) {
      throw e;
    } catch (RuntimeException e) {
      throw broken(type, location, e);
    }
  }

  private static <P extends Provider> Found<P> describe(
      Class<P> type, P provider, Class<?> implementation) {
    String location = location(implementation);
    String id = provider.id();
    if (id == null || !ID.matcher(id).matches()) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          type.getSimpleName()
              + " "
              + implementation.getName()
              + " in "
              + location
              + " has the id '"
              + id
              + "': expected kebab case");
    }
    String version =
        Optional.ofNullable(implementation.getPackage().getImplementationVersion())
            .orElse("unknown");
    return new Found<>(provider, id, version, location);
  }

  private static <P extends Provider> void requireFree(
      Map<String, Found<P>> byId, String id, Found<P> candidate) {
    Found<P> other = byId.putIfAbsent(id, candidate);
    if (other != null && other != candidate) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "two providers are called '"
              + id
              + "': "
              + other.location()
              + " and "
              + candidate.location()
              + "; remove one of them");
    }
  }

  private static AgentRuntimeException broken(Class<?> type, String location, Throwable cause) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION,
        "a " + type.getSimpleName() + " in " + location + " cannot be loaded: " + cause,
        cause);
  }

  private static String location(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return type.getName();
    }
    String path = source.getLocation().getPath();
    return path.startsWith("/") && path.endsWith(".jar")
        ? path.substring(path.lastIndexOf('/') + 1)
        : path;
  }
}
