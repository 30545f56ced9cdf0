// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.sandbox.NetworkMode;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.spi.sandbox.SandboxResources;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sandboxes in memory, whose programs are Java: quick, and failing on order.
 *
 * <p>It passes the contract suite. Programs are registered by the first word of a command; that of
 * {@link ScriptedArchitecture} is there from the start. What is behind the provider outlives it, as
 * it would with a real one: {@link #restarted} sees the same sandboxes. Thread-safe.
 */
public final class FakeSandboxProvider implements SandboxProvider {
  /** The provider's id. */
  public static final String ID = "fake";

  /** What it supports unless less is asked for. */
  public static final Set<SandboxCapability> CAPABILITIES =
      Set.of(
          SandboxCapability.REATTACH,
          SandboxCapability.ISOLATION,
          SandboxCapability.WATCH,
          SandboxCapability.HOST_ACCESS);

  private final FakeHost host;
  private volatile @Nullable ProviderContext context;

  /** Everything it can. */
  public FakeSandboxProvider() {
    this(CAPABILITIES);
  }

  /**
   * Declares less than it can.
   *
   * @param capabilities some of {@link #CAPABILITIES}
   */
  public FakeSandboxProvider(Set<SandboxCapability> capabilities) {
    this(new FakeHost(capabilities));
    if (!CAPABILITIES.containsAll(capabilities)) {
      throw AgentRuntimeException.invalid("capabilities", "some of " + CAPABILITIES);
    }
    register(ScriptedArchitecture.PROGRAM, FakeProgram.scripted());
  }

  private FakeSandboxProvider(FakeHost host) {
    this.host = host;
  }

  /** Another provider for the same sandboxes, not yet opened: a server that was started anew. */
  public FakeSandboxProvider restarted() {
    return new FakeSandboxProvider(host);
  }

  /** Makes a program known by the first word of commands. */
  public FakeSandboxProvider register(String command, FakeProgram program) {
    host.register(command, program);
    return this;
  }

  /** Makes operations fail or wait. */
  public FakeFaults faults() {
    return host.faults();
  }

  /** How many sandboxes were ever created. */
  public int created() {
    return host.created();
  }

  /** The ids of the sandboxes that live. */
  public List<String> live() {
    return host.live().stream().map(FakeSandbox::id).toList();
  }

  /** The commands of all programs that run, also of those whose sandbox is gone. */
  public List<List<String>> runningCommands() {
    return host.runningCommands();
  }

  /** Ends a sandbox as if its machine had died. */
  public void lose(String sandboxId) {
    FakeSandbox sandbox = host.find(sandboxId);
    if (sandbox == null) {
      throw AgentRuntimeException.invalid("sandboxId", "one of " + live());
    }
    sandbox.end("was lost");
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public void open(ProviderContext opened) {
    context = opened;
  }

  @Override
  public void close() {
    context = null;
  }

  @Override
  public Set<SandboxCapability> capabilities() {
    return host.capabilities();
  }

  @Override
  public Sandbox create(SandboxSpec spec) throws InterruptedException {
    ProviderContext opened = requireOpen();
    if (!spec.resources().equals(SandboxResources.DEFAULT)) {
      throw AgentRuntimeException.unsupported(ID, SandboxCapability.RESOURCE_LIMITS);
    }
    if (spec.network() != NetworkMode.DEFAULT) {
      throw AgentRuntimeException.unsupported(ID, SandboxCapability.NETWORK_POLICY);
    }
    if (spec.image() != null) {
      throw AgentRuntimeException.unsupported(ID, "images");
    }
    host.faults().before(FakeOperation.CREATE);
    for (FakeSandbox old : host.live()) {
      if (old.runtimeId().equals(opened.runtimeId()) && old.name().equals(spec.name())) {
        old.end("was replaced");
      }
    }
    FakeSandbox sandbox =
        new FakeSandbox(
            host, host.nextId(spec.name()), opened.runtimeId(), spec, opened.clock().instant());
    host.add(sandbox);
    host.faults().before(FakeOperation.CREATED);
    return sandbox;
  }

  @Override
  public Sandbox attach(String sandboxId) throws InterruptedException {
    host.require(SandboxCapability.REATTACH);
    ProviderContext opened = requireOpen();
    host.faults().before(FakeOperation.ATTACH);
    FakeSandbox sandbox = host.find(sandboxId);
    if (sandbox == null || !sandbox.runtimeId().equals(opened.runtimeId())) {
      throw new AgentRuntimeException(StandardError.SANDBOX_LOST, "no sandbox " + sandboxId);
    }
    return sandbox;
  }

  @Override
  public List<SandboxListing> list() throws InterruptedException {
    host.require(SandboxCapability.REATTACH);
    ProviderContext opened = requireOpen();
    host.faults().before(FakeOperation.LIST);
    return host.live().stream()
        .filter(sandbox -> sandbox.runtimeId().equals(opened.runtimeId()))
        .map(FakeSandbox::listing)
        .toList();
  }

  private ProviderContext requireOpen() {
    ProviderContext opened = context;
    if (opened == null) {
      throw new AgentRuntimeException(StandardError.CLOSED, "sandbox provider 'fake' is not open");
    }
    return opened;
  }
}
