// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash.mortal;

import io.agentruntime.bench.crash.mortal.Passage.Around;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sandboxes of another provider, with points around what is done with them. Thread-safe. */
public abstract class MortalSandboxes implements SandboxProvider {
  /** The id of all of them; a server has one. */
  public static final String ID = "mortal";

  private static final Map<String, Around> PROCESS =
      Map.of(
          "writeStdin",
          MortalSandboxes::write,
          "release",
          Passage.between(CrashPoint.RELEASING, CrashPoint.RELEASING));

  private static final Map<String, Around> SANDBOX =
      Map.of(
          "writeFiles",
          Passage.between(CrashPoint.SETTING_UP, CrashPoint.SET_UP),
          "start",
          MortalSandboxes::start,
          "process",
          (arguments, call) -> process(call.make()));

  private final String wrapped;
  private volatile @Nullable SandboxProvider target;

  /**
   * Wraps a provider when it is opened.
   *
   * @param wrapped its id
   */
  protected MortalSandboxes(String wrapped) {
    this.wrapped = wrapped;
  }

  /** Those of Docker. */
  public static final class OfDocker extends MortalSandboxes {
    /** Needed by the service loader. */
    public OfDocker() {
      super("docker");
    }
  }

  /** Those on this host. */
  public static final class OfHost extends MortalSandboxes {
    /** Needed by the service loader. */
    public OfHost() {
      super("local");
    }
  }

  /** Those at Modal. */
  public static final class OfModal extends MortalSandboxes {
    /** Needed by the service loader. */
    public OfModal() {
      super("modal");
    }
  }

  private static @Nullable Object write(@Nullable Object[] arguments, Passage.Call call)
      throws Throwable {
    Doom.reach(CrashPoint.BEFORE_STDIN);
    if (Doom.isNext(CrashPoint.TORN_STDIN) && arguments[1] instanceof byte[] bytes) {
      arguments[1] = Arrays.copyOf(bytes, bytes.length / 2);
      call.make();
      arguments[1] = bytes;
    }
    Doom.reach(CrashPoint.TORN_STDIN);
    Object length = call.make();
    Doom.reach(CrashPoint.AFTER_STDIN);
    return length;
  }

  private static Object start(@Nullable Object[] arguments, Passage.Call call) throws Throwable {
    Doom.reach(CrashPoint.STARTING);
    Object process = call.make();
    Doom.reach(CrashPoint.STARTED);
    return process(process);
  }

  private static SandboxProcess process(@Nullable Object process) {
    return Passage.through(
        SandboxProcess.class, (SandboxProcess) Objects.requireNonNull(process), PROCESS);
  }

  private static Sandbox watched(Sandbox sandbox) {
    return Passage.through(Sandbox.class, sandbox, SANDBOX);
  }

  @Override
  public final String id() {
    return ID;
  }

  @Override
  public final void open(ProviderContext context) throws InterruptedException {
    SandboxProvider found =
        ServiceLoader.load(SandboxProvider.class).stream()
            .filter(provider -> !MortalSandboxes.class.isAssignableFrom(provider.type()))
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.id().equals(wrapped))
            .findFirst()
            .orElseThrow();
    found.open(context);
    target = found;
  }

  private SandboxProvider target() {
    return Objects.requireNonNull(target, "not open");
  }

  @Override
  public final void close() {
    SandboxProvider open = target;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public final Set<SandboxCapability> capabilities() {
    return target().capabilities();
  }

  @Override
  public final Sandbox create(SandboxSpec spec) throws InterruptedException {
    return create(spec, _ -> {});
  }

  @Override
  public final Sandbox create(SandboxSpec spec, Consumer<String> progress)
      throws InterruptedException {
    Doom.reach(CrashPoint.CREATING);
    Sandbox sandbox = target().create(spec, progress);
    Doom.reach(CrashPoint.CREATED);
    return watched(sandbox);
  }

  @Override
  public final Sandbox attach(String sandboxId) throws InterruptedException {
    Sandbox sandbox = target().attach(sandboxId);
    Doom.reach(CrashPoint.ATTACHED);
    return watched(sandbox);
  }

  @Override
  public final List<SandboxListing> list() throws InterruptedException {
    return target().list();
  }

  @Override
  public final void terminate(String sandboxId) throws InterruptedException {
    target().terminate(sandboxId);
  }
}
