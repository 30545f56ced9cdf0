// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.local.LocalSandbox.Surroundings;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.sandbox.NetworkMode;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.spi.sandbox.SandboxResources;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.support.spool.SpoolScript;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sandboxes on this host: a folder each, below the provider's data directory, and processes that go
 * on when the server dies. Programs are put behind bubblewrap where it works; elsewhere nothing is
 * isolated. Thread-safe.
 */
public final class LocalSandboxProvider implements SandboxProvider {
  private static final Logger LOG = LoggerFactory.getLogger(LocalSandboxProvider.class);

  private volatile @Nullable Opened opened;

  /** Needed by the service loader. */
  public LocalSandboxProvider() {}

  /** What {@code open} has found out. */
  private record Opened(
      ProviderContext context,
      Path root,
      Surroundings surroundings,
      Set<SandboxCapability> capabilities) {}

  @Override
  public String id() {
    return "local";
  }

  @Override
  public void open(ProviderContext context) throws InterruptedException {
    LocalSettings settings = LocalSettings.of(context);
    if (!System.getProperty("sun.jnu.encoding", "").equals("UTF-8")) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "sandbox provider 'local': this server cannot name files or arguments in Unicode;"
              + " start it with LC_ALL=C.UTF-8");
    }
    var bubblewrap = Bubblewrap.of(settings);
    Set<SandboxCapability> capabilities =
        EnumSet.of(SandboxCapability.REATTACH, SandboxCapability.HOST_ACCESS);
    if (bubblewrap.isPresent()) {
      capabilities.add(SandboxCapability.ISOLATION);
    }
    try {
      Path root = context.dataDirectory().toRealPath();
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
      Path script = install(root);
      FolderEvents events = new FolderEvents();
      if (events.areGiven()) {
        capabilities.add(SandboxCapability.WATCH);
      }
      Surroundings surroundings =
          new Surroundings(events, script, settings.programPath(), bubblewrap);
      Opened found =
          new Opened(context, root, surroundings, Collections.unmodifiableSet(capabilities));
      opened = found;
      Remains.remove(
          folders(root), context.clock().instant(), LocalSandboxProvider::removeWithProcesses);
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "sandbox provider 'local' cannot use its data directory "
              + context.dataDirectory()
              + ": "
              + e,
          e);
    }
  }

  private static Path install(Path root) throws IOException {
    Path script = root.resolve(SpoolScript.fileName());
    if (!Files.exists(script)) {
      Path draft = Files.createTempFile(root, ".script-", "");
      Files.writeString(draft, SpoolScript.text());
      Files.move(draft, script, StandardCopyOption.ATOMIC_MOVE);
    }
    return script;
  }

  private static void removeWithProcesses(SandboxFolder folder)
      throws IOException, InterruptedException {
    folder.killProcesses();
    folder.delete();
  }

  @Override
  public void close() {
    Opened last = opened;
    opened = null;
    if (last != null) {
      last.surroundings().events().close();
    }
  }

  @Override
  public Set<SandboxCapability> capabilities() {
    return requireOpen().capabilities();
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
    for (SandboxListing old : list()) {
      if (old.name().equals(spec.name())) {
        LOG.info("Sandbox {} is replaced by a new one of the same name", old.id());
        attachEvenEnded(now, old.id()).terminate();
      }
    }
    String runtimeId = now.context().runtimeId();
    try {
      SandboxFolder folder =
          SandboxFolder.create(now.root(), runtimeId, spec, now.context().clock().instant());
      return new LocalSandbox(folder, folder.describe(), now.surroundings());
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.SANDBOX_FAILED,
          "Cannot create the folder of sandbox '" + spec.name() + "' in " + now.root(),
          e);
    }
  }

  @Override
  public Sandbox attach(String sandboxId) {
    LocalSandbox sandbox = attachEvenEnded(requireOpen(), sandboxId);
    sandbox.requireAlive();
    return sandbox;
  }

  /** Also one whose end has begun, and which {@link #attach} does not give any more. */
  @Override
  public void terminate(String sandboxId) throws InterruptedException {
    LocalSandbox sandbox;
    try {
      sandbox = attachEvenEnded(requireOpen(), sandboxId);
    } catch (AgentRuntimeException e) {
      if (e.code() != StandardError.SANDBOX_LOST) {
        throw e;
      }
      return;
    }
    sandbox.terminate();
  }

  private static LocalSandbox attachEvenEnded(Opened now, String sandboxId) {
    Path path = now.root().resolve(sandboxId).normalize();
    SandboxFolder folder = new SandboxFolder(path);
    try {
      if (now.root().equals(path.getParent()) && !folder.isUnfinished()) {
        SandboxFolder.Description description = folder.describe();
        if (description.runtimeId().equals(now.context().runtimeId())) {
          return new LocalSandbox(folder, description, now.surroundings());
        }
      }
    } catch (NoSuchFileException e) {
      LOG.debug("sandbox {} is gone", sandboxId);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    throw new AgentRuntimeException(StandardError.SANDBOX_LOST, "no sandbox " + sandboxId);
  }

  @Override
  public List<SandboxListing> list() {
    Opened now = requireOpen();
    List<SandboxListing> found = new ArrayList<>();
    try {
      for (SandboxFolder folder : folders(now.root())) {
        if (folder.isUnfinished()) {
          continue;
        }
        try {
          SandboxFolder.Description description = folder.describe();
          if (description.runtimeId().equals(now.context().runtimeId())) {
            found.add(description.listing());
          }
        } catch (NoSuchFileException e) {
          LOG.debug("{} is no sandbox, or was just removed", folder.path());
        }
      }
      return found;
    } catch (IOException e) {
      throw unreadable(now.root(), e);
    }
  }

  private static List<SandboxFolder> folders(Path root) throws IOException {
    List<SandboxFolder> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, Files::isDirectory)) {
      entries.forEach(path -> folders.add(new SandboxFolder(path)));
    }
    return folders;
  }

  private static AgentRuntimeException unreadable(Path path, IOException cause) {
    return new AgentRuntimeException(
        StandardError.SANDBOX_UNAVAILABLE, "Cannot read the sandboxes in " + path, cause);
  }

  private Opened requireOpen() {
    Opened now = opened;
    if (now == null) {
      throw new AgentRuntimeException(StandardError.CLOSED, "sandbox provider 'local' is not open");
    }
    return now;
  }
}
