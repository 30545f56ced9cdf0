// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.agentruntime.sandbox.modal.wire.GenericResult;
import io.agentruntime.sandbox.modal.wire.GenericResult.GenericStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Builds one image: FROM, ENV, WORKDIR and RUN take effect, USER, LABEL, SHELL, ARG, EXPOSE, CMD
 * and ENTRYPOINT are noted, anything else fails the build. RUN runs in the image's own root, where
 * this machine's /usr and /etc are read only.
 */
final class ImageBuild {
  static final GenericResult SUCCESS =
      GenericResult.newBuilder().setStatus(GenericStatus.GENERIC_STATUS_SUCCESS).build();

  private final Images.Image image;
  private final Optional<Images.Image> base;
  private final List<String> instructions;
  private final StandInSettings settings;
  private final Faults faults;

  ImageBuild(
      Images.Image image,
      Optional<Images.Image> base,
      List<String> instructions,
      StandInSettings settings,
      Faults faults) {
    this.image = image;
    this.base = base;
    this.instructions = instructions;
    this.settings = settings;
    this.faults = faults;
  }

  void run() {
    try {
      image.say("Building image " + image.id + "\n");
      faults.awaitBuild();
      for (String instruction : instructions) {
        image.say("=> " + instruction + "\n");
        perform(instruction.strip());
      }
      image.say("Built image " + image.id + "\n");
      image.end(faults.buildFailure().map(ImageBuild::failure).orElse(SUCCESS));
    } catch (IOException | ExecutionException | IllegalArgumentException e) {
      image.end(failure(String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      image.end(failure("interrupted"));
    }
  }

  static GenericResult failure(String message) {
    return GenericResult.newBuilder()
        .setStatus(GenericStatus.GENERIC_STATUS_FAILURE)
        .setException(message)
        .build();
  }

  private void perform(String instruction)
      throws IOException, InterruptedException, ExecutionException {
    if (instruction.isEmpty() || instruction.startsWith("#")) {
      return;
    }
    if (settings.installed().stream().anyMatch(instruction::startsWith)) {
      image.say("   is installed\n");
      return;
    }
    String[] parts = instruction.split("\\s+", 2);
    String rest = parts.length > 1 ? parts[1] : "";
    switch (parts[0].toUpperCase(Locale.ROOT)) {
      case "FROM" -> from();
      case "ENV" -> setVariables(rest);
      case "WORKDIR" -> {
        image.workFolder = rest;
        Files.createDirectories(image.root.resolve(rest.substring(1)));
      }
      case "RUN" -> runStep(rest);
      case "USER", "LABEL", "SHELL", "ARG", "EXPOSE", "CMD", "ENTRYPOINT" -> {}
      default -> throw new IllegalArgumentException("unknown instruction: " + instruction);
    }
  }

  private void from() throws IOException, InterruptedException, ExecutionException {
    if (base.isPresent()) {
      Images.Image below = base.get();
      if (below.result().get().getStatus() != GenericStatus.GENERIC_STATUS_SUCCESS) {
        throw new IllegalArgumentException("the base image was not built");
      }
      Images.copy(below.root, image.root);
      image.variables.putAll(below.variables);
      image.workFolder = below.workFolder;
    } else {
      Machine.furnish(image.root);
    }
  }

  private void setVariables(String text) {
    if (!text.contains("=")) {
      String[] pair = text.split("\\s+", 2);
      image.variables.put(pair[0], pair.length > 1 ? pair[1] : "");
      return;
    }
    for (String pair : text.split("\\s+(?=[A-Za-z_][A-Za-z0-9_]*=)")) {
      int equals = pair.indexOf('=');
      String value = pair.substring(equals + 1).replaceAll("^\"(.*)\"$", "$1");
      image.variables.put(pair.substring(0, equals), value);
    }
  }

  private void runStep(String script) throws IOException, InterruptedException, ExecutionException {
    var spools = Files.createTempDirectory(image.root.getParent(), "run");
    try (Machine machine = new Machine(image.root, settings.shared(), true)) {
      Execution step =
          Execution.start(
              machine,
              new Execution.Order(
                  List.of("sh", "-c", script),
                  environment(image.variables),
                  image.workFolder,
                  false,
                  true,
                  true,
                  true),
              spools);
      step.stdin().close();
      Exit exit = step.exit().get();
      String said = Files.readString(step.out().file());
      if (!said.isEmpty()) {
        image.say(said);
      }
      if (exit.status() != 0) {
        throw new IllegalArgumentException("RUN " + script + " ended with " + exit.status());
      }
    }
  }

  /** What every program of an image finds in its environment. */
  static Map<String, String> environment(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>();
    all.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    all.put("HOME", "/root");
    all.put("LC_ALL", "C.UTF-8");
    all.putAll(variables);
    return all;
  }
}
