// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import io.agentruntime.sandbox.modal.wire.GenericResult;
import io.agentruntime.sandbox.modal.wire.Image;
import io.agentruntime.sandbox.modal.wire.ImageGetOrCreateRequest;
import io.agentruntime.sandbox.modal.wire.ImageGetOrCreateResponse;
import io.agentruntime.sandbox.modal.wire.ImageJoinStreamingRequest;
import io.agentruntime.sandbox.modal.wire.ImageJoinStreamingResponse;
import io.agentruntime.sandbox.modal.wire.TaskLogs;
import io.agentruntime.sandbox.support.Pause;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Images at Modal, which builds each recipe once and knows it again by its text. Thread-safe. */
final class Images {
  private static final Logger log = LoggerFactory.getLogger(Images.class);
  private static final Duration ONE_WAIT = Duration.ofSeconds(55);
  private static final Duration LONGEST_BUILD = Duration.ofMinutes(60);
  private static final int KEPT_LINES = 20;
  private static final int LONGEST_STEP = 200;
  private static final int MAX_KNOWN = 1000;

  private final ControlPlane modal;
  private final App app;
  private final Map<String, String> known = new ConcurrentHashMap<>();
  private final Map<String, Shared<String>> building = new ConcurrentHashMap<>();
  private final Map<String, String> steps = new ConcurrentHashMap<>();

  Images(ControlPlane modal, App app) {
    this.modal = modal;
    this.app = app;
  }

  /**
   * The id of an image, built when Modal does not have it.
   *
   * @param wanted a tag, an id, or null for the configured one
   * @param progress takes a text for people per step of a build; called by the calling thread
   */
  String require(@Nullable String wanted, Consumer<String> progress)
      throws GrpcException, InterruptedException {
    String image = wanted == null ? modal.settings().image() : wanted;
    if (image.startsWith("im-")) {
      return image;
    }
    String ready = known.get(image);
    if (ready != null) {
      return ready;
    }
    Shared<String> build =
        building.computeIfAbsent(image, tag -> new Shared<>("modal-image", () -> create(tag)));
    AtomicReference<String> told = new AtomicReference<>("");
    String id =
        build.await(
            () -> {
              String step = steps.getOrDefault(image, "");
              if (!told.getAndSet(step).equals(step)) {
                progress.accept("Building image: " + step);
              }
            });
    if (known.size() < MAX_KNOWN) {
      known.put(image, id);
    }
    building.remove(image, build);
    steps.remove(image);
    return id;
  }

  /** Forgets an image that Modal does not know any more. */
  void forget(String id) {
    known.values().remove(id);
  }

  private String create(String tag) throws GrpcException, InterruptedException {
    List<String> recipe = recipe(tag);
    ImageGetOrCreateResponse made =
        modal.call(
            "ImageGetOrCreate",
            ImageGetOrCreateRequest.newBuilder()
                .setAppId(app.id())
                .setBuilderVersion(app.builderVersion())
                .setImage(Image.newBuilder().addAllDockerfileCommands(recipe))
                .build(),
            ImageGetOrCreateResponse.parser());
    boolean done = made.getResult().getStatusValue() != 0;
    if (!done) {
      log.info("Building image {} at Modal, which takes some minutes the first time", tag);
      steps.put(tag, "this takes some minutes the first time");
    }
    Build build = new Build(tag);
    GenericResult result = done ? made.getResult() : build.follow(made.getImageId());
    if (result.getStatus() != GenericResult.GenericStatus.GENERIC_STATUS_SUCCESS) {
      throw new AgentRuntimeException(
          StandardError.SANDBOX_FAILED,
          "Modal cannot build image %s: %s %s%s"
              .formatted(tag, result.getStatus(), result.getException(), build.end()));
    }
    return made.getImageId();
  }

  /** What is added to an image that somebody named for one sandbox is nobody's business. */
  private List<String> recipe(String tag) {
    ModalSettings settings = modal.settings();
    List<String> recipe = new ArrayList<>(List.of("FROM " + tag));
    if (tag.equals(settings.image())) {
      recipe.addAll(settings.build() ? ImageRecipe.agents() : List.of());
      recipe.addAll(settings.instructions());
    }
    return recipe;
  }

  /** A build that goes on at Modal. Confined. */
  private final class Build {
    private final String tag;
    private final Deque<String> last = new ArrayDeque<>();
    private String entry = "";

    Build(String tag) {
      this.tag = tag;
    }

    /** Shows progress until there is a result; a stream that breaks is taken up where it was. */
    GenericResult follow(String imageId) throws GrpcException, InterruptedException {
      long deadline = System.nanoTime() + LONGEST_BUILD.toNanos();
      int failures = 0;
      while (System.nanoTime() < deadline) {
        ImageJoinStreamingRequest request =
            ImageJoinStreamingRequest.newBuilder()
                .setImageId(imageId)
                .setTimeout(ONE_WAIT.toSeconds())
                .setLastEntryId(entry)
                .build();
        try (var call = modal.stream("ImageJoinStreaming", request)) {
          Duration patience = ONE_WAIT.multipliedBy(2);
          for (byte[] next = call.next(patience); next != null; next = call.next(patience)) {
            ImageJoinStreamingResponse step =
                Unary.parse("ImageJoinStreaming", next, ImageJoinStreamingResponse.parser());
            failures = 0;
            if (!step.getEntryId().isEmpty()) {
              entry = step.getEntryId();
            }
            step.getTaskLogsList().forEach(this::show);
            if (step.getResult().getStatusValue() != 0) {
              return step.getResult();
            }
          }
        } catch (GrpcException e) {
          failures++;
          if (!Retry.isTransient(e) || failures > Retry.ROUTER.attempts()) {
            throw e;
          }
          Pause.of(Retry.CONTROL_PLANE.pause(failures));
        }
      }
      throw new GrpcException(
          GrpcStatus.DEADLINE_EXCEEDED, "image " + tag + " is not built after an hour", null);
    }

    String end() {
      return last.isEmpty() ? "" : "\nThe build ended with:\n" + String.join("\n", last);
    }

    private void show(TaskLogs logs) {
      logs.getData()
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .forEach(
              line -> {
                log.debug("Building {}: {}", tag, line);
                if (line.startsWith("Step ") || line.startsWith("=> ")) {
                  log.info("Building {}: {}", tag, line);
                  steps.put(tag, line.substring(0, Math.min(LONGEST_STEP, line.length())));
                }
                last.add(line);
                if (last.size() > KEPT_LINES) {
                  last.remove();
                }
              });
    }
  }
}
