// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import io.agentruntime.bench.crash.mortal.CrashPoint;
import io.agentruntime.bench.crash.mortal.Doom;
import io.agentruntime.bench.crash.mortal.MortalPersistence;
import io.agentruntime.bench.crash.mortal.MortalSandboxes;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.requirement.TestMachine;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What outlives servers: data directory, database, sandboxes, and the model that agents talk to.
 * Thread-safe; closing ends the database and Modal's stand-in, and nothing else.
 */
final class World implements AutoCloseable {
  private static final String CLOUD = "cloud";

  private final Path folder;
  private final Path services;
  private final Isolation isolation;
  private final Database database;
  private final @Nullable ModalStandIn cloud;
  private final Map<String, String> environment;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  /**
   * A new world.
   *
   * @param folder an empty folder; worlds that are beside each other are of one kind
   * @param isolation what sandboxes are
   * @param agents the programs that work in sandboxes
   * @param database where sessions are kept; closed with the world
   * @param model where the scripted model listens, on all addresses
   */
  World(Path folder, Isolation isolation, List<Agent> agents, Database database, URI model)
      throws IOException {
    this.folder = folder;
    this.isolation = isolation;
    this.database = database;
    Path profiles = Files.createDirectories(folder.resolve("data/profiles"));
    Files.writeString(profiles.resolve("asking.yaml"), "name: Asking\npermissions: ask\n");
    this.services = folder.resolveSibling("services.jar");
    if (!Files.exists(services)) {
      register(
          services,
          Map.of(
              SandboxProvider.class,
              isolation.mortal(),
              PersistenceAdapter.class,
              MortalPersistence.class));
    }
    this.environment = environment(isolation, agents, model);
    environment.putAll(database.environment());
    if (isolation == Isolation.MODAL) {
      cloud = ModalStandIn.start(folder.resolve(CLOUD), folders(agents));
      environment.putAll(cloud.environment());
    } else {
      cloud = null;
    }
  }

  /** A jar, as class data cannot be shared where folders are on the class path. */
  private static void register(Path jar, Map<Class<?>, Class<?>> providers) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<Class<?>, Class<?>> provider : providers.entrySet()) {
        out.putNextEntry(new ZipEntry("META-INF/services/" + provider.getKey().getName()));
        out.write(provider.getValue().getName().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static List<Path> folders(List<Agent> agents) {
    return agents.stream().map(Agent::folder).distinct().toList();
  }

  private static Map<String, String> environment(
      Isolation isolation, List<Agent> agents, URI model) {
    Map<String, String> variables = new HashMap<>();
    variables.put("PATH", System.getenv("PATH"));
    variables.put("LC_ALL", "C.UTF-8");
    variables.put("AGENT_RUNTIME_SANDBOX", MortalSandboxes.ID);
    variables.put("AGENT_RUNTIME_PERSISTENCE", MortalPersistence.ID);
    // A busy machine may take long to end a dozen sandboxes.
    variables.put("AGENT_RUNTIME_SHUTDOWN_TIMEOUT_MS", "90000");
    agents.forEach(agent -> variables.putAll(agent.environment(model)));
    variables.put("DOCKER_HOST", TestMachine.dockerHost().toString());
    switch (isolation) {
      case DOCKER ->
          variables.put("AGENT_RUNTIME_SANDBOX_MORTAL_IMAGE", TestMachine.sandboxImage());
      case LOCAL ->
          variables.put(
              "AGENT_RUNTIME_SANDBOX_MORTAL_PROGRAM_PATH",
              folders(agents).stream().map(Path::toString).collect(Collectors.joining(":")));
      case MODAL ->
          // Modal knows no address of this host; sandboxes of the stand-in share its network.
          variables.replaceAll((name, value) -> value.replace("{sandbox-host}", "127.0.0.1"));
    }
    return variables;
  }

  /**
   * Starts a server in it.
   *
   * @param doom where it has to die, as {@link Doom} reads it; null for nowhere
   */
  ServerLife start(@Nullable String doom) throws IOException {
    Map<String, String> variables = new HashMap<>(environment);
    if (doom != null) {
      variables.put(Doom.VARIABLE, doom);
    }
    return ServerLife.start(
        services + File.pathSeparator + classPath(),
        folder.resolveSibling("classes.jsa"),
        folder.resolve("data"),
        variables,
        log(),
        http);
  }

  /** What runs here, without what is a test: class data cannot be shared where folders are. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !Path.of(entry).endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** How a server is told where to die. */
  static String doom(CrashPoint point, int occurrence, long millis) {
    return point + ":" + occurrence + ":" + millis;
  }

  /** What its servers said, one after the other. */
  Path log() {
    return folder.resolve("servers.log");
  }

  Database database() {
    return database;
  }

  /** The sandboxes as their provider knows them, whatever servers think. */
  List<SandboxListing> sandboxes() throws IOException, InterruptedException {
    SandboxProvider provider =
        ServiceLoader.load(SandboxProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.id().equals(isolation.provider()))
            .findFirst()
            .orElseThrow();
    Path data = folder.resolve("data");
    provider.open(
        new TestProviderContext(
            Files.readString(data.resolve("runtime-id")).strip(),
            data.resolve("sandbox").resolve(MortalSandboxes.ID),
            InstantSource.system(),
            settings(),
            cloud == null ? Map.of() : cloud.secrets()));
    try {
      return provider.list();
    } finally {
      provider.close();
    }
  }

  private Map<String, String> settings() {
    return switch (isolation) {
      case LOCAL -> Map.of();
      case DOCKER -> Map.of("host", TestMachine.dockerHost().toString());
      case MODAL -> Objects.requireNonNull(cloud).settings();
    };
  }

  /** What its sandboxes are. */
  Isolation isolation() {
    return isolation;
  }

  /** The stand-in for Modal's cloud; there must be one. */
  ModalStandIn cloud() {
    return Objects.requireNonNull(cloud);
  }

  /** Processes of this host that have to do with this world, other than its servers. */
  List<String> processes() throws IOException {
    String sandboxes = folder + (isolation == Isolation.MODAL ? "/" + CLOUD : "/data/sandbox");
    String other = cloud == null ? "" : Long.toString(cloud.pid());
    List<String> found = new ArrayList<>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        String command = read(process.resolve("cmdline"));
        if (!process.endsWith(other)
            && (command + read(process.resolve("environ"))).contains(sandboxes)) {
          found.add(process.getFileName() + " " + command.replace('\0', ' '));
        }
      }
    }
    return found;
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      // It ended meanwhile.
      return "";
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    http.shutdownNow();
    try (database) {
      if (cloud != null) {
        cloud.close();
      }
    }
  }
}
