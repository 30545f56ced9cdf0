package io.agentruntime.sandbox.docker;

import com.github.dockerjava.api.exception.NotFoundException;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Makes sure that sandboxes have an image to start from. Thread-safe. */
final class Images {
  private final Engine engine;
  private final DockerSettings settings;

  /** The build that runs: whoever needs the image waits for the same one. */
  private final AtomicReference<@Nullable FutureTask<Void>> building = new AtomicReference<>();

  Images(Engine engine, DockerSettings settings) {
    this.engine = engine;
    this.settings = settings;
  }

  /**
   * The image to use, present at the engine. The agents' own image is built if it is missing, which
   * takes minutes; an image that somebody named is not, because nobody else knows what is in it.
   *
   * @param wanted null for the configured one
   */
  String require(@Nullable String wanted) throws InterruptedException {
    String image = wanted == null ? settings.image() : wanted;
    if (isPresent(image)) {
      return image;
    }
    if (!image.equals(settings.image()) || !settings.build()) {
      throw new AgentRuntimeException(
          StandardError.SANDBOX_FAILED,
          "image %s is not at the Docker engine %s; pull or build it there"
              .formatted(image, settings.address()));
    }
    build();
    return image;
  }

  private boolean isPresent(String image) throws InterruptedException {
    return engine.call(
        "look for image " + image,
        docker -> {
          try {
            docker.inspectImageCmd(image).exec();
            return true;
          } catch (NotFoundException e) {
            return false;
          }
        });
  }

  private void build() throws InterruptedException {
    FutureTask<Void> mine =
        new FutureTask<>(
            () -> {
              new ImageBuild(engine, settings).run();
              return null;
            });
    FutureTask<Void> running = building.compareAndExchange(null, mine);
    if (running == null) {
      // On a thread of its own: the session that came first may be interrupted, the others wait on.
      Thread.ofVirtual()
          .name("docker-build")
          .start(
              () -> {
                try {
                  mine.run();
                } finally {
                  building.set(null);
                }
              });
      running = mine;
    }
    try {
      running.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AgentRuntimeException failure) {
        throw new AgentRuntimeException(
            failure.code(), String.valueOf(failure.getMessage()), failure);
      }
      throw new IllegalStateException("The build of an image failed", e.getCause());
    }
  }
}
