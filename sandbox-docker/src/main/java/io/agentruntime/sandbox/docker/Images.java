// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sure that sandboxes have an image to start from. Thread-safe. */
final class Images {
  private static final Logger log = LoggerFactory.getLogger(Images.class);
  private static final String PROGRAM_LABEL = "io.agentruntime.image.";

  private final Engine engine;
  private final DockerSettings settings;
  private final Map<String, String> versions;
  private final SharedWork build = new SharedWork("docker-build", this::buildUnlessPresent);
  private final AtomicBoolean checked = new AtomicBoolean();

  /**
   * Images at an engine.
   *
   * @param versions what a built image has, by {@code NAME_VERSION}; an empty one leaves it out
   */
  Images(Engine engine, DockerSettings settings, Map<String, String> versions) {
    this.engine = engine;
    this.settings = settings;
    this.versions = Map.copyOf(versions);
  }

  /**
   * The image to use, present at the engine. The agents' own image is built if it is missing, which
   * takes minutes; an image that somebody named is not, because nobody else knows what is in it.
   *
   * @param wanted null for the configured one
   */
  String require(@Nullable String wanted) throws InterruptedException {
    String image = wanted == null ? settings.image() : wanted;
    InspectImageResponse found = find(engine, image);
    if (found != null) {
      warnIfOutdated(image, found);
      return image;
    }
    if (!image.equals(settings.image()) || !settings.build()) {
      throw new AgentRuntimeException(
          StandardError.SANDBOX_FAILED,
          "image %s is not at the Docker engine %s; pull or build it there"
              .formatted(image, settings.address()));
    }
    build.await();
    return image;
  }

  /** The configured image, when it is missing and would not be built when it is needed. */
  Optional<String> missing() throws InterruptedException {
    return settings.build() || find(engine, settings.image()) != null
        ? Optional.empty()
        : Optional.of(settings.image());
  }

  /** What the engine knows of an image; null when it does not have it. */
  static @Nullable InspectImageResponse find(Engine engine, String image)
      throws InterruptedException {
    return engine.<@Nullable InspectImageResponse>call(
        "look for image " + image,
        docker -> {
          try {
            return docker.inspectImageCmd(image).exec();
          } catch (NotFoundException e) {
            return null;
          }
        });
  }

  private void buildUnlessPresent() throws InterruptedException {
    if (find(engine, settings.image()) == null) {
      new ImageBuild(engine, settings, versions).run();
    }
  }

  /** An image built before an upgrade has older programs than this version was tested with. */
  private void warnIfOutdated(String image, InspectImageResponse found) {
    if (!image.equals(settings.image()) || checked.getAndSet(true) || found.getConfig() == null) {
      return;
    }
    Map<String, String> labels = found.getConfig().getLabels();
    new TreeMap<>(versions)
        .forEach(
            (name, pinned) -> {
              String program = name.toLowerCase(Locale.ROOT).replaceFirst("_version$", "");
              String has = labels == null ? null : labels.get(PROGRAM_LABEL + program);
              if (has != null && !has.isEmpty() && !has.equals(pinned)) {
                log.warn(
                    "Image {} has {} {} instead of {}; build it anew", image, program, has, pinned);
              }
            });
  }
}
