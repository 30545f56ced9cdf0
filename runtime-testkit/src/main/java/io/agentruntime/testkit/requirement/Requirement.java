// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.requirement;

import java.util.Locale;
import java.util.Optional;

/**
 * Something that a test needs and that not every machine has.
 *
 * <p>Thread-safe: each requirement is looked for once per JVM.
 */
public enum Requirement {
  /** A Docker engine answers and has the image of the agents' sandbox. */
  DOCKER {
    @Override
    Optional<String> lookFor() throws InterruptedException {
      return TestMachine.sandboxImageMissing();
    }
  },
  /** The pinned Claude Code program is installed on this machine. */
  CLAUDE {
    @Override
    Optional<String> lookFor() throws InterruptedException {
      return TestMachine.claudeMissing();
    }
  },
  /** The pinned Gemini CLI program is installed on this machine, and Node to run it. */
  GEMINI {
    @Override
    Optional<String> lookFor() throws InterruptedException {
      return TestMachine.geminiMissing();
    }
  },
  /** The pinned OpenCode program is installed on this machine. */
  OPENCODE {
    @Override
    Optional<String> lookFor() throws InterruptedException {
      return TestMachine.openCodeMissing();
    }
  },
  /** Node 20 or newer, and npm. */
  NODE {
    @Override
    Optional<String> lookFor() throws InterruptedException {
      return TestMachine.nodeMissing();
    }
  },
  /** Bubblewrap, allowed to create namespaces. */
  BUBBLEWRAP {
    @Override
    Optional<String> lookFor() throws InterruptedException {
      return TestMachine.bubblewrapMissing();
    }
  },
  /** A Docker engine answers and has the images of the database servers. */
  DATABASES {
    @Override
    Optional<String> lookFor() throws InterruptedException {
      return TestMachine.databasesMissing();
    }
  },
  /** This process may mount file systems in memory: it is root, and nobody forbids it. */
  MOUNT {
    @Override
    Optional<String> lookFor() throws InterruptedException {
      return TestMachine.mountMissing();
    }
  };

  private final Once<Optional<String>> missing = new Once<>(this::lookFor);

  abstract Optional<String> lookFor() throws InterruptedException;

  /** Why this requirement is not met here and what would help; empty when it is met. */
  public final Optional<String> missing() throws InterruptedException {
    return missing.get();
  }

  /** The name under which {@code AGENT_RUNTIME_REQUIRE} lists it. */
  public final String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
