// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import java.util.List;

/** Where a transcript lies in a sandbox. */
public sealed interface TranscriptSource {
  /**
   * In files.
   *
   * @param root absolute path of a folder; entry names are relative to it
   * @param globs patterns of entry names, {@code java.nio} glob syntax
   */
  record Files(String root, List<String> globs) implements TranscriptSource {
    /** Copies the list. */
    public Files {
      globs = List.copyOf(globs);
    }
  }

  /**
   * In what a command prints.
   *
   * @param name the one entry's name
   * @param command program and arguments
   */
  record Command(String name, List<String> command) implements TranscriptSource {
    /** Copies the list. */
    public Command {
      command = List.copyOf(command);
    }
  }
}
