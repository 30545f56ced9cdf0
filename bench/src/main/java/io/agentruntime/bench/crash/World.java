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
import java.util.ServiceLoader;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What outlives servers: data directory, database, sandboxes, and the model that agents talk to.
 * Thread-safe; closing ends the database and nothing else.
 */
final class World implements AutoCloseable {
  private final Path folder;
  private final Path services;
  private final boolean docker;
  private final Database database;
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
   * @param docker whether sandboxes are containers
   * @param agents the programs that work in sandboxes
   * @param database where sessions are kept; closed with the world
   * @param model where the scripted model listens, on all addresses
   */
  World(Path folder, boolean docker, List<Agent> agents, Database database, URI model)
      throws IOException {
    this.folder = folder;
    this.docker = docker;
    this.database = database;
    Path profiles = Files.createDirectories(folder.resolve("data/profiles"));
    Files.writeString(profiles.resolve("asking.yaml"), "name: Asking\npermissions: ask\n");
    this.services = folder.resolveSibling("services.jar");
    if (!Files.exists(services)) {
      register(
          services,
          Map.of(
              SandboxProvider.class,
              docker ? MortalSandboxes.OfDocker.class : MortalSandboxes.OfHost.class,
              PersistenceAdapter.class,
              MortalPersistence.class));
    }
    this.environment = environment(docker, agents, model);
    environment.putAll(database.environment());
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

  private static Map<String, String> environment(boolean docker, List<Agent> agents, URI model) {
    Map<String, String> variables = new HashMap<>();
    variables.put("PATH", System.getenv("PATH"));
    variables.put("LC_ALL", "C.UTF-8");
    variables.put("AGENT_RUNTIME_SANDBOX", MortalSandboxes.ID);
    variables.put("AGENT_RUNTIME_PERSISTENCE", MortalPersistence.ID);
    // A busy machine may take long to end a dozen sandboxes.
    variables.put("AGENT_RUNTIME_SHUTDOWN_TIMEOUT_MS", "90000");
    agents.forEach(agent -> variables.putAll(agent.environment(model)));
    variables.put("DOCKER_HOST", TestMachine.dockerHost().toString());
    if (docker) {
      variables.put("AGENT_RUNTIME_SANDBOX_MORTAL_IMAGE", TestMachine.sandboxImage());
    } else {
      variables.put(
          "AGENT_RUNTIME_SANDBOX_MORTAL_PROGRAM_PATH",
          agents.stream()
              .map(agent -> agent.folder().toString())
              .distinct()
              .collect(Collectors.joining(":")));
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
    String wanted = docker ? "docker" : "local";
    SandboxProvider provider =
        ServiceLoader.load(SandboxProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.id().equals(wanted))
            .findFirst()
            .orElseThrow();
    Path data = folder.resolve("data");
    provider.open(
        new TestProviderContext(
            Files.readString(data.resolve("runtime-id")).strip(),
            data.resolve("sandbox").resolve(MortalSandboxes.ID),
            InstantSource.system(),
            docker ? Map.of("host", TestMachine.dockerHost().toString()) : Map.of()));
    try {
      return provider.list();
    } finally {
      provider.close();
    }
  }

  /** Processes of this host that have to do with this world, other than its servers. */
  List<String> processes() throws IOException {
    List<String> found = new ArrayList<>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        String command = read(process.resolve("cmdline"));
        if ((command + read(process.resolve("environ"))).contains(folder + "/data/sandbox")) {
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
    database.close();
  }
}
