// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import com.github.dockerjava.api.command.BuildImageCmd;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.model.BuildResponseItem;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the agents' image from the Dockerfile in this jar. Used once. */
final class ImageBuild {
  private static final Logger log = LoggerFactory.getLogger(ImageBuild.class);
  private static final String FOLDER = "image/";
  private static final List<String> CONTEXT =
      List.of("Dockerfile", "prepare-downloads", "prepare-system", "install-program");
  private static final String CERTIFICATES = "extra-ca.crt";
  private static final String LOCAL_BASE = "agent-runtime-base:local";
  private static final List<String> TRUST_VARIABLES =
      List.of("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE");
  private static final List<String> TRUST_FILES =
      List.of("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt");
  private static final int KEPT_LINES = 20;
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");

  private final Engine engine;
  private final DockerSettings settings;
  private final Map<String, String> versions;
  private final Consumer<String> progress;

  /**
   * A build that tells the log how far it is.
   *
   * @param versions what to install, by {@code NAME_VERSION}; an empty one leaves it out
   */
  ImageBuild(Engine engine, DockerSettings settings, Map<String, String> versions) {
    this(engine, settings, versions, line -> log.info("Building {}: {}", settings.image(), line));
  }

  /**
   * A build that tells somebody how far it is.
   *
   * @param progress gets a line per step
   */
  ImageBuild(
      Engine engine,
      DockerSettings settings,
      Map<String, String> versions,
      Consumer<String> progress) {
    this.engine = engine;
    this.settings = settings;
    this.versions = versions;
    this.progress = progress;
  }

  /** Builds; returns when the image is there. */
  void run() throws InterruptedException {
    progress.accept("this takes some minutes the first time");
    Output output = new Output(progress);
    Map<String, String> arguments = arguments();
    try {
      engine.callPatiently(
          "build image "
              + settings.image()
              + " from "
              + arguments.getOrDefault("BASE_IMAGE", "a public image"),
          docker -> {
            BuildImageCmd command =
                docker
                    .buildImageCmd(new ByteArrayInputStream(context()))
                    .withTags(Set.of(settings.image()))
                    .withRemove(true)
                    .withForcerm(true);
            arguments.forEach(command::withBuildArg);
            return command.exec(output).awaitImageId();
          });
    } catch (AgentRuntimeException e) {
      throw new AgentRuntimeException(
          e.code(),
          "%s. Set base-image to an image that the engine has, or build the image by hand.%s"
              .formatted(e.getMessage(), output.end()),
          e);
    }
    progress.accept("done");
  }

  /** The build arguments: the versions and what was configured. */
  private Map<String, String> arguments() throws InterruptedException {
    Map<String, String> arguments = new LinkedHashMap<>(versions);
    arguments.put("KEEP_CA", Boolean.toString(settings.keepCa()));
    if (settings.baseImage() != null) {
      arguments.put("BASE_IMAGE", settings.baseImage());
    } else if (Images.find(engine, LOCAL_BASE) != null) {
      // Made where no registry can be reached; otherwise the Dockerfile names a public image.
      arguments.put("BASE_IMAGE", LOCAL_BASE);
    }
    return arguments;
  }

  /** The versions of all that is installed beside the agents, by {@code NAME_VERSION}. */
  static Map<String, String> pinnedVersions() {
    Properties file = new Properties();
    try {
      file.load(new ByteArrayInputStream(resource("versions.env")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> versions = new TreeMap<>();
    file.forEach((name, version) -> versions.put(name.toString(), version.toString()));
    return versions;
  }

  /** The build context, which is small, as an archive. */
  private byte[] context() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream archive = new TarArchiveOutputStream(bytes)) {
      for (String name : CONTEXT) {
        add(archive, name, resource(name));
      }
      String certificates = certificates();
      if (!certificates.isEmpty()) {
        add(archive, CERTIFICATES, certificates.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Certificates only: a bundle may lie in one file with a private key. */
  private String certificates() throws IOException {
    Path bundle = bundle();
    if (bundle == null) {
      return "";
    }
    Matcher matcher = CERTIFICATE.matcher(Files.readString(bundle, StandardCharsets.ISO_8859_1));
    StringBuilder found = new StringBuilder();
    while (matcher.find()) {
      found.append(matcher.group()).append('\n');
    }
    return found.toString();
  }

  /** Whose certificates to trust: the configured ones, or what programs here trust. */
  private @Nullable Path bundle() {
    Path configured = settings.caBundle();
    if (configured != null && !Files.isReadable(configured)) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, "Docker setting ca-bundle: cannot read " + configured);
    }
    if (configured != null) {
      return configured;
    }
    return Stream.concat(TRUST_VARIABLES.stream().map(System.getenv()::get), TRUST_FILES.stream())
        .filter(name -> name != null && !name.isEmpty())
        .map(Path::of)
        .filter(Files::isReadable)
        .findFirst()
        .orElse(null);
  }

  private static void add(TarArchiveOutputStream archive, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    // As the engine's own client sends it: what one of them has built is cached for the other.
    entry.setMode(0644);
    archive.putArchiveEntry(entry);
    archive.write(content);
    archive.closeArchiveEntry();
  }

  private static byte[] resource(String name) {
    try (InputStream in = ImageBuild.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + FOLDER + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the engine prints: steps are progress, the last lines explain a failure. */
  private static final class Output extends BuildImageResultCallback {
    private final Consumer<String> progress;
    private final Deque<String> last = new ArrayDeque<>();

    Output(Consumer<String> progress) {
      this.progress = progress;
    }

    @Override
    public void onNext(BuildResponseItem item) {
      super.onNext(item);
      String text = item.getStream() == null ? "" : item.getStream();
      text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(this::keep);
    }

    String end() {
      synchronized (last) {
        return last.isEmpty() ? "" : "\nThe build ended with:\n" + String.join("\n", last);
      }
    }

    private void keep(String line) {
      if (line.startsWith("Step ")) {
        progress.accept(line);
      }
      log.debug("{}", line);
      synchronized (last) {
        last.add(line);
        if (last.size() > KEPT_LINES) {
          last.remove();
        }
      }
    }
  }
}
