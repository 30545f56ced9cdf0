// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** What the agents' image is made of: a Debian with Node, tools, and the agents as pinned. */
final class ImageRecipe {
  private static final String TOOLS =
      "bash ca-certificates coreutils curl findutils git inotify-tools jq less libatomic1"
          + " openssh-client procps python3 python3-pip python3-venv ripgrep tar unzip util-linux"
          + " xz-utils";

  private ImageRecipe() {}

  /** What is added to a Debian 12 or newer that has Node and npm. */
  static List<String> agents() {
    Properties versions = versions();
    List<String> packages = new ArrayList<>();
    packages.add("@anthropic-ai/claude-code@" + versions.getProperty("CLAUDE_VERSION"));
    packages.add("@google/gemini-cli@" + versions.getProperty("GEMINI_VERSION"));
    packages.add("opencode-ai@" + versions.getProperty("OPENCODE_VERSION"));
    return List.of(
        "RUN apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -yq"
            + " --no-install-recommends "
            + TOOLS
            + " && rm -rf /var/lib/apt/lists/*",
        "RUN npm install --global --no-audit --no-fund --no-update-notifier "
            + String.join(" ", packages)
            + " && rm -rf /root/.npm",
        "RUN mkdir -p /workspace /home/agent",
        // Programs must not update themselves, report, or fetch: what runs is what was pinned.
        "ENV LANG=C.UTF-8 IS_SANDBOX=1 DISABLE_AUTOUPDATER=1"
            + " CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 GEMINI_CLI_TRUST_WORKSPACE=true"
            + " OPENCODE_DISABLE_AUTOUPDATE=1 OPENCODE_DISABLE_MODELS_FETCH=1"
            + " OPENCODE_DISABLE_LSP_DOWNLOAD=1 OPENCODE_DISABLE_DEFAULT_PLUGINS=1"
            + " OPENCODE_DISABLE_SHARE=1");
  }

  /**
   * The instructions in a file, each on one line.
   *
   * @throws io.agentruntime.error.AgentRuntimeException {@code CONFIGURATION} when it cannot be
   *     read or begins an image
   */
  static List<String> instructions(String file) {
    String text;
    try {
      text = Files.readString(Path.of(file));
    } catch (IOException e) {
      throw SettingReader.invalid("dockerfile", "a readable file, not " + file, e);
    }
    List<String> lines =
        text.replaceAll("\\\\\\s*\\R", " ")
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    if (lines.stream().anyMatch(line -> line.toUpperCase(Locale.ROOT).startsWith("FROM "))) {
      throw SettingReader.invalid("dockerfile", "instructions without FROM: that is 'image'", null);
    }
    return lines;
  }

  /** The same file that the Docker image is built from. */
  private static Properties versions() {
    Properties versions = new Properties();
    try (InputStream in = ImageRecipe.class.getResourceAsStream("image/versions.env")) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks image/versions.env");
      }
      versions.load(in);
      return versions;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
