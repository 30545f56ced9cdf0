package com.example.sandboxexec;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.HealthProblem;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.sandbox.NetworkMode;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.spi.sandbox.SandboxResources;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sandboxes are folders on a machine on which commands can be run: this one, or one that is reached
 * by ssh, chroot, kubectl, … Nothing is isolated but by that machine. Thread-safe.
 *
 * <p>Settings: {@code command}, the way to the machine, for instance {@code ssh -o BatchMode=yes
 * build@host}; {@code root}, a folder there; {@code path}, the {@code PATH} of programs; {@code
 * host-address}, where programs find this host.
 */
public final class ExecSandboxProvider implements SandboxProvider {
  private static final Set<String> KEYS = Set.of("command", "root", "path", "host-address");
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private volatile @Nullable Opened opened;

  /** Needed by the service loader. */
  public ExecSandboxProvider() {}

  private record Opened(
      ProviderContext context,
      Machine machine,
      String runtime,
      String path,
      @Nullable String hostAddress) {}

  @Override
  public String id() {
    return "exec";
  }

  // tag::open[]
  @Override
  public void open(ProviderContext context) throws InterruptedException {
    Set<String> unknown = new TreeSet<>(context.settingKeys());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw wrong(unknown.iterator().next(), "unknown; known are " + new TreeSet<>(KEYS));
    }
    List<String> way = List.of(context.setting("command").orElse("").strip().split("\\s+"));
    boolean here = way.getFirst().isEmpty();
    String root = context.setting("root").orElse(here ? context.dataDirectory().toString() : "");
    if (!here && !root.matches("/[A-Za-z0-9._/-]+")) {
      throw wrong("root", "an absolute path of letters, digits, '.', '_' and '-' on the machine");
    }
    // end::open[]
    Machine machine;
    try {
      machine = Machine.reach(here ? List.of() : way, root);
    } catch (AgentRuntimeException e) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "sandbox provider 'exec': 'command' or 'root' does not work: " + e.getMessage(),
          e);
    }
    String runtime = "of-" + Labels.encode(context.runtimeId());
    machine.ask(Words.line("sweep", runtime));
    String hostAddress = context.setting("host-address").orElse(here ? "127.0.0.1" : null);
    String path = context.setting("path").orElse(PATH);
    opened = new Opened(context, machine, runtime, path, hostAddress);
  }

  private static AgentRuntimeException wrong(String key, String expected) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION, "sandbox provider 'exec', setting '" + key + "': " + expected);
  }

  @Override
  public List<HealthProblem> health() throws InterruptedException {
    try {
      list();
      return List.of();
    } catch (AgentRuntimeException e) {
      return List.of(
          new HealthProblem(
              String.valueOf(e.getMessage()), "Run the setting 'command' by hand, with 'true'"));
    }
  }

  @Override
  public void close() {
    opened = null; // sandboxes outlive the server
  }

  // tag::capabilities[]
  @Override
  public Set<SandboxCapability> capabilities() {
    Set<SandboxCapability> capabilities = EnumSet.of(SandboxCapability.REATTACH);
    if (requireOpen().hostAddress() != null) {
      capabilities.add(SandboxCapability.HOST_ACCESS);
    }
    return capabilities;
  }

  @Override
  public Sandbox create(SandboxSpec spec) throws InterruptedException {
    Opened now = requireOpen();
    if (!spec.resources().equals(SandboxResources.DEFAULT)) {
      throw AgentRuntimeException.unsupported(id(), SandboxCapability.RESOURCE_LIMITS);
    }
    if (spec.network() != NetworkMode.DEFAULT) {
      throw AgentRuntimeException.unsupported(id(), SandboxCapability.NETWORK_POLICY);
    }
    if (spec.image() != null) {
      throw AgentRuntimeException.unsupported(id(), "images");
    }
    // end::capabilities[]
    for (SandboxListing old : list()) {
      if (old.name().equals(spec.name())) {
        terminate(old.id());
      }
    }
    String sandboxId = spec.name() + "." + UUID.randomUUID().toString().substring(0, 8);
    ExecSandbox sandbox = sandbox(now, sandboxId);
    Map<String, String> variables = new LinkedHashMap<>();
    variables.putAll(Machine.variables(now.path(), sandbox.paths().home(), sandboxId));
    variables.putAll(spec.environment());
    byte[] about =
        Labels.about(spec, now.context().clock().instant()).getBytes(StandardCharsets.UTF_8);
    byte[] env = (Words.export(variables) + "\n").getBytes(StandardCharsets.UTF_8);
    now.machine()
        .ask(
            out -> {
              Machine.input(
                      Words.line("create", now.runtime(), sandboxId, about.length, env.length))
                  .writeTo(out);
              out.write(about);
              out.write(env);
            });
    return sandbox;
  }

  private static ExecSandbox sandbox(Opened now, String id) {
    return new ExecSandbox(now.machine(), now.runtime(), id, now.hostAddress());
  }

  @Override
  public Sandbox attach(String sandboxId) throws InterruptedException {
    ExecSandbox sandbox = sandbox(requireOpen(), requireId(sandboxId));
    if (!sandbox.isAlive()) {
      throw new AgentRuntimeException(StandardError.SANDBOX_LOST, "no sandbox " + sandboxId);
    }
    return sandbox;
  }

  @Override
  public List<SandboxListing> list() throws InterruptedException {
    Opened now = requireOpen();
    String[] answer = now.machine().ask(Words.line("list", now.runtime())).split("\0");
    List<SandboxListing> found = new ArrayList<>();
    for (int i = 0; i + 1 < answer.length; i += 2) {
      found.add(Labels.listing(answer[i], answer[i + 1]));
    }
    return found;
  }

  @Override
  public void terminate(String sandboxId) throws InterruptedException {
    sandbox(requireOpen(), requireId(sandboxId)).terminate();
  }

  /** An id becomes a path. */
  private static String requireId(String id) {
    if (!id.matches("[A-Za-z0-9_][A-Za-z0-9_.:-]*")) {
      throw new AgentRuntimeException(StandardError.SANDBOX_LOST, "no sandbox has such an id");
    }
    return id;
  }

  private Opened requireOpen() {
    Opened now = opened;
    if (now == null) {
      throw new AgentRuntimeException(StandardError.CLOSED, "sandbox provider 'exec' is not open");
    }
    return now;
  }
}
