// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Snapshots of sandboxes, and images within them: a "mount" is a copy in place. Thread-safe. */
final class FileSystems {
  private final Images images;
  private final Map<String, String> snapshots = new HashMap<>();
  private final Map<Path, Path> covered = new HashMap<>();

  FileSystems(Images images) {
    this.images = images;
  }

  /** An image of everything; the same id gives the same image. */
  synchronized String snapshot(LocalSandbox sandbox, String id) throws IOException {
    String known = snapshots.get(id);
    if (known == null) {
      Images.Image like = images.require(sandbox.identity().definition().getImageId());
      known = images.adopt(sandbox.machine().root(), Optional.of(like)).id;
      snapshots.put(id, known);
    }
    return known;
  }

  synchronized String snapshotFolder(LocalSandbox sandbox, String path, String id)
      throws IOException {
    Path folder = sandbox.machine().outside(path, true);
    if (!Files.isDirectory(folder)) {
      throw Status.NOT_FOUND.withDescription("no directory " + path).asRuntimeException();
    }
    String known = snapshots.get(id);
    if (known == null) {
      known = images.adopt(folder, Optional.empty()).id;
      snapshots.put(id, known);
    }
    return known;
  }

  synchronized void mount(LocalSandbox sandbox, String path, String imageId) throws IOException {
    Path folder = sandbox.machine().changeable(path, true);
    Files.createDirectories(folder);
    Path aside = folder.resolveSibling(".covered-" + Ids.next());
    Files.move(folder, aside);
    covered.put(folder, aside);
    Files.createDirectory(folder);
    if (!imageId.isEmpty()) {
      Images.copy(images.require(imageId).root, folder);
    }
  }

  synchronized void unmount(LocalSandbox sandbox, String path) throws IOException {
    Path folder = sandbox.machine().outside(path, true);
    Path aside = covered.remove(folder);
    if (aside == null) {
      throw Status.FAILED_PRECONDITION
          .withDescription("nothing is mounted at " + path)
          .asRuntimeException();
    }
    Files.move(folder, folder.resolveSibling(".unmounted-" + Ids.next()));
    Files.move(aside, folder);
  }
}
