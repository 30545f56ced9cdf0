// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.ErrorCode;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** What one test of the contract suite works with; ends all it has made. Thread-safe. */
public final class SandboxBench {
  /** How long anything may take. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Supplier<SandboxProvider> newProvider;
  private final Function<String, ProviderContext> contextOfRuntime;
  private final ContractPrograms programs;
  private final String runtimeId;
  private final List<SandboxProvider> providers = new ArrayList<>();
  private final List<Sandbox> sandboxes = new ArrayList<>();
  private final SandboxProvider provider;
  private @Nullable Sandbox sandbox;

  SandboxBench(
      Supplier<SandboxProvider> newProvider,
      Function<String, ProviderContext> contextOfRuntime,
      ContractPrograms programs)
      throws InterruptedException {
    this.newProvider = newProvider;
    this.contextOfRuntime = contextOfRuntime;
    this.programs = programs;
    this.runtimeId = unique("contract");
    this.provider = anotherProvider();
  }

  /** A name that no other test uses. */
  public static String unique(String prefix) {
    return prefix + "-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
  }

  /** Digits that no other test uses, whose programs this one may see as well. */
  public static String marker() {
    return Long.toString(
        7_000_000_000_000L + ProcessHandle.current().pid() * 10_000 + NUMBER.incrementAndGet());
  }

  /** The provider, open. */
  public SandboxProvider provider() {
    return provider;
  }

  /** Another one for the same sandboxes, open: the provider of a server that was started anew. */
  public SandboxProvider anotherProvider() throws InterruptedException {
    return providerOf(runtimeId);
  }

  /** One that belongs to another runtime. */
  public SandboxProvider strangeProvider() throws InterruptedException {
    return providerOf(unique("stranger"));
  }

  private SandboxProvider providerOf(String runtime) throws InterruptedException {
    SandboxProvider opened = newProvider.get();
    synchronized (this) {
      providers.add(opened);
    }
    opened.open(contextOfRuntime.apply(runtime));
    return opened;
  }

  /** Whether the provider declares a capability. */
  public boolean can(SandboxCapability capability) {
    return provider.capabilities().contains(capability);
  }

  /** Whether the provider declares a capability; if it does not, the call must be refused. */
  public boolean canOrRefuses(SandboxCapability capability, ThrowingCallable call) {
    if (!can(capability)) {
      assertRefused(StandardError.UNSUPPORTED, call);
    }
    return can(capability);
  }

  /** The programs to run. */
  public ContractPrograms programs() {
    return programs;
  }

  /** The test's sandbox, created when first asked for. */
  public synchronized Sandbox sandbox() throws InterruptedException {
    if (sandbox == null) {
      sandbox = create(SandboxSpec.named(unique("sandbox")));
    }
    return sandbox;
  }

  /** A sandbox that is terminated after the test. */
  public Sandbox create(SandboxSpec spec) throws InterruptedException {
    return create(provider, spec);
  }

  /** The same, of a given provider. */
  public Sandbox create(SandboxProvider from, SandboxSpec spec) throws InterruptedException {
    Sandbox created = from.create(spec);
    synchronized (sandboxes) {
      sandboxes.add(created);
    }
    return created;
  }

  /** Starts a program in the test's sandbox, in the workspace. */
  public SandboxProcess start(List<String> command) throws InterruptedException {
    return start(sandbox(), command);
  }

  /** Starts a program in a sandbox, in its workspace. */
  public SandboxProcess start(Sandbox in, List<String> command) throws InterruptedException {
    return in.start(spec(in, command));
  }

  /** A process with a new id. */
  public ProcessSpec spec(Sandbox in, List<String> command) {
    return new ProcessSpec(
        new ProcessId(unique("process")),
        command,
        Map.of(),
        in.paths().workspace(),
        ProcessSpec.DEFAULT_SPOOL_LIMIT);
  }

  /** Runs a program to its end; it must succeed. */
  public String run(List<String> command) throws InterruptedException, IOException {
    SandboxProcess process = start(command);
    process.closeStdin();
    assertThat(end(process)).as("exit code of " + command.getFirst()).isZero();
    return output(process);
  }

  /** Waits for the end of a process and returns its exit code. */
  public int end(SandboxProcess process) throws InterruptedException {
    return process
        .awaitExit(PATIENCE)
        .map(ExitStatus::code)
        .orElseThrow(() -> new AssertionError(process.id() + " does not end"));
  }

  /** All of standard output; waits for the end. */
  public String output(SandboxProcess process) throws InterruptedException, IOException {
    try (InputStream out = process.stdout(0)) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** All of standard error; waits for the end. */
  public String errors(SandboxProcess process) throws InterruptedException, IOException {
    try (InputStream err = process.stderr(0)) {
      return new String(err.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Waits until standard output begins with this. */
  public void awaitOutput(SandboxProcess process, String beginning)
      throws InterruptedException, IOException {
    byte[] expected = utf8(beginning);
    try (InputStream out = process.stdout(0)) {
      assertThat(out.readNBytes(expected.length)).isEqualTo(expected);
    }
  }

  /** The bytes of a text. */
  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Waits for a condition, at most {@link #PATIENCE}. */
  public static void await(String what, Callable<Boolean> condition) throws Exception {
    await(what, condition, () -> "");
  }

  /**
   * Waits for a condition, at most {@link #PATIENCE}.
   *
   * @param more what a failure says besides, asked for when it is known
   */
  public static void await(String what, Callable<Boolean> condition, Supplier<String> more)
      throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain until " + what + more.get());
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** Expects a refusal. */
  public static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            refusal ->
                assertThat(refusal.code().name()).as(refusal.getMessage()).isEqualTo(code.name()));
  }

  /** Ends a sandbox, unless its provider was closed: then the next one finds what is left. */
  private static void end(Sandbox sandbox) throws InterruptedException {
    try {
      sandbox.terminate();
    } catch (AgentRuntimeException e) {
      if (!e.code().name().equals(StandardError.CLOSED.name())) {
        throw e;
      }
    }
  }

  /** Ends everything; afterwards nothing may be left. */
  void close() throws Exception {
    List<Sandbox> made;
    synchronized (sandboxes) {
      made = List.copyOf(sandboxes);
    }
    SandboxProvider last = anotherProvider();
    try {
      for (Sandbox each : made) {
        end(each);
      }
      if (can(SandboxCapability.REATTACH)) {
        assertThat(last.list()).as("sandboxes left").isEmpty();
      }
    } finally {
      List<SandboxProvider> opened;
      synchronized (this) {
        opened = List.copyOf(providers);
      }
      opened.forEach(SandboxProvider::close);
    }
  }
}
