// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.agentruntime.sandbox.modal.wire.GenericResult;
import io.agentruntime.sandbox.modal.wire.GenericResult.GenericStatus;
import io.agentruntime.sandbox.modal.wire.ImageGetOrCreateRequest;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The images there are, each a root folder with variables and a working folder. An image is built
 * once per content; a registry's tag gives this machine's own programs. Thread-safe.
 */
final class Images {
  /** An image, at work or done. */
  static final class Image {
    final String id;
    final Path root;
    final Map<String, String> variables = new LinkedHashMap<>();
    String workFolder = "/";
    private final List<String> log = new ArrayList<>();
    private final CompletableFuture<GenericResult> result = new CompletableFuture<>();

    private Image(String id, Path root) {
      this.id = id;
      this.root = root;
    }

    CompletableFuture<GenericResult> result() {
      return result;
    }

    /** What the build said, after so many lines. */
    synchronized List<String> log(int after) {
      return List.copyOf(log.subList(Math.min(after, log.size()), log.size()));
    }

    /** Waits for a line or the end, for so long. */
    synchronized void awaitLog(int after, long millis) throws InterruptedException {
      long deadline = System.nanoTime() + millis * 1_000_000;
      long left = millis;
      while (log.size() <= after && !result.isDone() && left > 0) {
        wait(left);
        left = (deadline - System.nanoTime()) / 1_000_000;
      }
    }

    synchronized void say(String line) {
      log.add(line);
      notifyAll();
    }

    synchronized void end(GenericResult how) {
      result.complete(how);
      notifyAll();
    }
  }

  private final Path home;
  private final StandInSettings settings;
  private final Faults faults;
  private final Map<String, Image> byId = new HashMap<>();
  private final Map<List<String>, Image> byContent = new HashMap<>();
  private final Map<String, Image> byTag = new HashMap<>();
  private int number;
  private int builds;

  Images(Path home, StandInSettings settings, Faults faults) {
    this.home = home;
    this.settings = settings;
    this.faults = faults;
  }

  /** The image of this content; begins to build it when there is none. */
  synchronized Image getOrBuild(ImageGetOrCreateRequest request) throws IOException {
    var definition = request.getImage();
    if (definition.getDockerfileCommandsCount() == 0) {
      throw Status.INVALID_ARGUMENT.withDescription("an image without FROM").asRuntimeException();
    }
    List<String> content = new ArrayList<>(definition.getDockerfileCommandsList());
    definition
        .getBaseImagesList()
        .forEach(b -> content.add(b.getDockerTag() + "=" + b.getImageId()));
    content.addAll(definition.getSecretIdsList());
    content.add(request.getBuilderVersion());
    Image known = byContent.get(content);
    boolean failed =
        known != null
            && known.result().isDone()
            && known.result().join().getStatus() != GenericStatus.GENERIC_STATUS_SUCCESS;
    if (known != null && !failed && !request.getForceBuild()) {
      return known;
    }
    Image image = create();
    byContent.put(content, image);
    Optional<Image> base =
        definition.getBaseImagesList().stream()
            .filter(b -> definition.getDockerfileCommands(0).equals("FROM " + b.getDockerTag()))
            .findFirst()
            .map(b -> require(b.getImageId()));
    builds++;
    List<String> instructions = List.copyOf(definition.getDockerfileCommandsList());
    Thread.ofVirtual()
        .name("build-" + image.id)
        .start(() -> new ImageBuild(image, base, instructions, settings, faults).run());
    return image;
  }

  private Image create() throws IOException {
    String id = "im-" + Ids.next();
    Path root = Files.createDirectories(home.resolve("image-" + number++).resolve("root"));
    Image image = new Image(id, root);
    byId.put(id, image);
    return image;
  }

  /** An image that a folder already is, as a snapshot makes it. */
  synchronized Image adopt(Path folder, Optional<Image> like) throws IOException {
    Image image = create();
    copy(folder, image.root);
    like.ifPresent(
        other -> {
          image.variables.putAll(other.variables);
          image.workFolder = other.workFolder;
        });
    image.end(ImageBuild.SUCCESS);
    return image;
  }

  synchronized Image require(String id) {
    Image image = byId.get(id);
    if (image == null) {
      throw Status.NOT_FOUND
          .withDescription("Could not find image with ID " + id)
          .asRuntimeException();
    }
    return image;
  }

  synchronized void tag(String tag, String id) {
    byTag.put(tag, require(id));
  }

  synchronized String tagged(String tag) {
    Image image = byTag.get(tag);
    if (image == null) {
      throw Status.NOT_FOUND.withDescription("no image is tagged " + tag).asRuntimeException();
    }
    return image.id;
  }

  synchronized void delete(String id) {
    Image image = require(id);
    byId.remove(id);
    byContent.values().remove(image);
    byTag.values().removeIf(image::equals);
  }

  /** How many builds were begun. */
  synchronized int builds() {
    return builds;
  }

  /** Copies what is in a folder into another, as it is. */
  static void copy(Path from, Path to) throws IOException {
    Process copy =
        new ProcessBuilder("cp", "-a", from + "/.", to.toString())
            .redirectErrorStream(true)
            .start();
    try (var said = copy.getInputStream()) {
      String text = new String(said.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      if (copy.waitFor() != 0) {
        throw new IOException("cannot copy " + from + ": " + text);
      }
    } catch (InterruptedException e) {
      copy.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
