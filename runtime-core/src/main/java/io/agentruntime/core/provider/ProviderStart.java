// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import io.agentruntime.core.provider.ProviderDiscovery.Found;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.Provider;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds, selects and opens providers.
 *
 * <p>A provider that cannot be loaded or opened costs only itself, unless someone relies on it: the
 * chosen store, or any provider that was given settings, stops the start when it does not open.
 *
 * @param loader the class path on which to look
 * @param isolated folders with class loaders of their own
 * @param further providers beside those that are found
 * @param persistence the adapter's id, null when there is only one
 * @param openTimeout how long opening may take; all are opened at once
 */
public record ProviderStart(
    ClassLoader loader,
    List<Path> isolated,
    List<? extends Provider> further,
    @Nullable String persistence,
    Duration openTimeout) {
  private static final Logger log = LoggerFactory.getLogger(ProviderStart.class);

  /** Copies the lists. */
  public ProviderStart {
    isolated = List.copyOf(isolated);
    further = List.copyOf(further);
  }

  /**
   * Opens what there is. When that fails, those opened before are closed.
   *
   * @param contexts what each provider is told
   * @throws AgentRuntimeException {@code CONFIGURATION} when a kind of provider is missing or the
   *     choice is not clear, else what a provider threw that someone relies on
   */
  public Providers open(Function<Found<? extends Provider>, PluginContext> contexts)
      throws InterruptedException {
    List<IsolatedFolder> folders = new ArrayList<>();
    try {
      return open(
          new ProviderDiscovery(sources(loader, isolated, folders), further), folders, contexts);
    } catch (RuntimeException | InterruptedException e) {
      folders.forEach(IsolatedFolder::close);
      throw e;
    }
  }

  /**
   * The ids of all providers that can be loaded, by the key of their kind; opens none.
   *
   * @param loader the class path on which to look
   * @param isolated folders with class loaders of their own
   */
  public static Map<String, Set<String>> ids(ClassLoader loader, List<Path> isolated) {
    List<IsolatedFolder> folders = new ArrayList<>();
    try {
      ProviderDiscovery discovery =
          new ProviderDiscovery(sources(loader, isolated, folders), List.of());
      Map<String, Set<String>> ids = new LinkedHashMap<>();
      ids.put(ProviderKind.SANDBOX.key(), ids(discovery.sandboxes()));
      ids.put(ProviderKind.PERSISTENCE.key(), ids(discovery.adapters()));
      ids.put(ProviderKind.ARCHITECTURE.key(), ids(discovery.architectures()));
      return ids;
    } finally {
      folders.forEach(IsolatedFolder::close);
    }
  }

  private static Set<String> ids(List<? extends Found<?>> found) {
    return found.stream().map(Found::id).collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<ProviderSource> sources(
      ClassLoader loader, List<Path> isolated, List<IsolatedFolder> folders) {
    List<ProviderSource> sources = new ArrayList<>();
    sources.add(ProviderSource.shared(loader));
    for (Path folder : isolated) {
      IsolatedFolder opened = IsolatedFolder.open(folder);
      folders.add(opened);
      sources.add(ProviderSource.isolated(opened));
    }
    return sources;
  }

  private Providers open(
      ProviderDiscovery discovery,
      List<IsolatedFolder> folders,
      Function<Found<? extends Provider>, PluginContext> contexts)
      throws InterruptedException {
    List<Found<SandboxProvider>> sandboxes = discovery.sandboxes();
    List<Found<AgentArchitecture>> architectures = discovery.architectures();
    List<Found<PersistenceAdapter>> adapters = discovery.adapters();
    List<BrokenProvider> broken = new ArrayList<>(discovery.broken());
    broken.forEach(problem -> log.warn("{}", problem));
    requireSome(ProviderKind.SANDBOX, sandboxes, broken);
    requireSome(ProviderKind.ARCHITECTURE, architectures, broken);
    Found<PersistenceAdapter> store = selectStore(adapters, broken);
    List<Found<? extends Provider>> wanted = new ArrayList<>();
    wanted.add(store);
    wanted.addAll(sandboxes);
    wanted.addAll(architectures);
    Opened opened = openAll(wanted, store, contexts);
    broken.addAll(opened.broken());
    List<Found<SandboxProvider>> openSandboxes = retain(sandboxes, opened);
    List<Found<AgentArchitecture>> openArchitectures = retain(architectures, opened);
    try {
      requireSome(ProviderKind.SANDBOX, openSandboxes, broken);
      requireSome(ProviderKind.ARCHITECTURE, openArchitectures, broken);
    } catch (AgentRuntimeException e) {
      closeAll(opened.found());
      throw e;
    }
    Providers providers =
        new Providers(
            openSandboxes, openArchitectures, adapters, store, broken, opened.found(), folders);
    providers.infos().stream().filter(info -> info.problem() == null).forEach(this::say);
    return providers;
  }

  private void say(ProviderInfo info) {
    log.info(
        "{} provider {} {}, from {}{}",
        info.kind().key(),
        info.id(),
        info.version(),
        info.location(),
        info.active() ? ": " + String.join(" ", info.capabilities()) : " (not used)");
  }

  /**
   * What became of all openings.
   *
   * @param found those that are open, in the order in which they were wanted
   * @param broken the others
   */
  private record Opened(List<Found<? extends Provider>> found, List<BrokenProvider> broken) {}

  private Opened openAll(
      List<Found<? extends Provider>> wanted,
      Found<PersistenceAdapter> store,
      Function<Found<? extends Provider>, PluginContext> contexts)
      throws InterruptedException {
    List<ProviderOpening> openings = new ArrayList<>();
    Opened result = new Opened(new ArrayList<>(), new ArrayList<>());
    try {
      List<Boolean> told = new ArrayList<>();
      for (Found<? extends Provider> found : wanted) {
        PluginContext context = contexts.apply(found);
        told.add(!context.settings().isEmpty());
        openings.add(ProviderOpening.start(found, context));
      }
      long deadline = System.nanoTime() + openTimeout.toNanos();
      for (int i = 0; i < openings.size(); i++) {
        Found<? extends Provider> found = wanted.get(i);
        Throwable failure = openings.get(i).await(deadline, openTimeout);
        if (failure == null) {
          result.found().add(found);
        } else if (found == store || told.get(i)) {
          throw fatal(found, failure);
        } else {
          BrokenProvider problem = found.broken(message(failure));
          log.warn("{}", problem);
          result.broken().add(problem);
        }
      }
      return result;
    } catch (RuntimeException | InterruptedException e) {
      for (ProviderOpening opening : openings) {
        if (!result.found().contains(opening.found()) && opening.abandon()) {
          result.found().add(opening.found());
        }
      }
      closeAll(result.found());
      throw e;
    }
  }

  private static void closeAll(List<Found<? extends Provider>> opened) {
    for (Found<? extends Provider> found : opened.reversed()) {
      try {
        found.provider().close();
      } catch (RuntimeException | LinkageError e) {
        log.warn("closing provider '{}' from {} failed", found.id(), found.location(), e);
      }
    }
  }

  private static <P extends Provider> List<Found<P>> retain(List<Found<P>> found, Opened opened) {
    return found.stream().filter(opened.found()::contains).toList();
  }

  private static AgentRuntimeException fatal(Found<?> found, Throwable failure) {
    return new AgentRuntimeException(
        failure instanceof AgentRuntimeException e ? e.code() : StandardError.CONFIGURATION,
        found.kind().key()
            + " provider '"
            + found.id()
            + "' from "
            + found.location()
            + " cannot be opened: "
            + message(failure),
        failure);
  }

  private static String message(Throwable failure) {
    return failure instanceof AgentRuntimeException || failure instanceof IllegalStateException
        ? String.valueOf(failure.getMessage())
        : failure.toString();
  }

  private static void requireSome(ProviderKind kind, List<?> found, List<BrokenProvider> broken) {
    if (found.isEmpty()) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "no "
              + kind.key()
              + " provider is on the class path; add one's jar, for instance "
              + exampleJar(kind)
              + brokenOnes(kind, broken));
    }
  }

  private Found<PersistenceAdapter> selectStore(
      List<Found<PersistenceAdapter>> found, List<BrokenProvider> broken) {
    ProviderKind kind = ProviderKind.PERSISTENCE;
    requireSome(kind, found, broken);
    String known = found.stream().map(Found::id).sorted().collect(Collectors.joining(", "));
    if (persistence == null) {
      if (found.size() > 1) {
        throw new AgentRuntimeException(
            StandardError.CONFIGURATION,
            "several persistence providers are on the class path ("
                + known
                + "); set agent-runtime.persistence to one of them");
      }
      return found.getFirst();
    }
    return found.stream()
        .filter(f -> f.id().equals(persistence))
        .findFirst()
        .orElseThrow(
            () ->
                new AgentRuntimeException(
                    StandardError.CONFIGURATION,
                    "agent-runtime.persistence is '"
                        + persistence
                        + "', but no such provider is on the class path; found: "
                        + known
                        + "; the built-in one is in the jar persistence-"
                        + persistence
                        + brokenOnes(kind, broken)));
  }

  private static String brokenOnes(ProviderKind kind, List<BrokenProvider> broken) {
    String all =
        broken.stream()
            .filter(problem -> problem.kind() == kind)
            .map(BrokenProvider::toString)
            .collect(Collectors.joining("; "));
    return all.isEmpty() ? "" : "; " + all;
  }

  private static String exampleJar(ProviderKind kind) {
    return switch (kind) {
      case SANDBOX -> "sandbox-local";
      case PERSISTENCE -> "persistence-memory";
      case ARCHITECTURE -> "architecture-claude";
    };
  }
}
