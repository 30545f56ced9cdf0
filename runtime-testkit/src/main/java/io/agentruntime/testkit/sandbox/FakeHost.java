// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.sandbox.SandboxCapability;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What stays when a {@link FakeSandboxProvider} is closed: the machine it stands for. */
final class FakeHost {
  private final Set<SandboxCapability> capabilities;
  private final FakeFaults faults = new FakeFaults();
  private final Map<String, FakeProgram> programs = new ConcurrentHashMap<>();
  private final Map<String, FakeSandbox> sandboxes = new ConcurrentHashMap<>();

  /** Those that live, and those in which something still runs although they do not. */
  private final Set<FakeSandbox> notQuiet = ConcurrentHashMap.newKeySet();

  private final AtomicInteger ids = new AtomicInteger();
  private final AtomicInteger created = new AtomicInteger();

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
    return "fake-" + name + "-" + ids.incrementAndGet();
  }

  void add(FakeSandbox sandbox) {
    // What ended and is quiet is forgotten: else a long test would measure this memory of it.
    notQuiet.removeIf(
        other -> !sandboxes.containsKey(other.id()) && other.runningCommands().isEmpty());
    sandboxes.put(sandbox.id(), sandbox);
    notQuiet.add(sandbox);
    created.incrementAndGet();
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
    return created.get();
  }

  List<List<String>> runningCommands() {
    return notQuiet.stream().flatMap(sandbox -> sandbox.runningCommands().stream()).toList();
  }
}
