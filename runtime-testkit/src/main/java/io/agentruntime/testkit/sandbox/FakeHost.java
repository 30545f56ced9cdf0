package io.agentruntime.testkit.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.sandbox.SandboxCapability;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What stays when a {@link FakeSandboxProvider} is closed: the machine it stands for. */
final class FakeHost {
  private final Set<SandboxCapability> capabilities;
  private final FakeFaults faults = new FakeFaults();
  private final Map<String, FakeProgram> programs = new ConcurrentHashMap<>();
  private final Map<String, FakeSandbox> sandboxes = new ConcurrentHashMap<>();
  private final List<FakeSandbox> everCreated = new CopyOnWriteArrayList<>();

  FakeHost(Set<SandboxCapability> capabilities) {
    this.capabilities = Set.copyOf(capabilities);
  }

  Set<SandboxCapability> capabilities() {
    return capabilities;
  }

  void require(SandboxCapability capability) {
    if (!capabilities.contains(capability)) {
      throw AgentRuntimeException.unsupported(FakeSandboxProvider.ID, capability);
    }
  }

  FakeFaults faults() {
    return faults;
  }

  void register(String command, FakeProgram program) {
    programs.put(command, program);
  }

  @Nullable FakeProgram program(String command) {
    return programs.get(command);
  }

  String nextId(String name) {
    return "fake-" + name + "-" + (everCreated.size() + 1);
  }

  void add(FakeSandbox sandbox) {
    everCreated.add(sandbox);
    sandboxes.put(sandbox.id(), sandbox);
  }

  void remove(FakeSandbox sandbox) {
    sandboxes.remove(sandbox.id());
  }

  @Nullable FakeSandbox find(String id) {
    return sandboxes.get(id);
  }

  List<FakeSandbox> live() {
    return List.copyOf(sandboxes.values());
  }

  int created() {
    return everCreated.size();
  }

  List<List<String>> runningCommands() {
    return everCreated.stream().flatMap(sandbox -> sandbox.runningCommands().stream()).toList();
  }
}
