// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A stand-in as a process of its own, which says on standard output how it is reached, as variables
 * and an empty line, and ends with its standard input.
 */
public final class StandInProcess {
  private StandInProcess() {}

  /**
   * Runs it.
   *
   * @param folders of this machine that every sandbox shall see; with any, what images are told to
   *     install is taken as being there
   */
  public static void main(String[] folders) throws IOException {
    List<Path> programs = Arrays.stream(folders).map(Path::of).toList();
    StandInSettings settings = StandInSettings.plaintext();
    if (!programs.isEmpty()) {
      settings = settings.withPrograms(programs, List.of("RUN "));
    }
    try (StandIn standIn = StandIn.start(settings);
        RemoteControl control = new RemoteControl(standIn)) {
      System.out.println("MODAL_SERVER_URL=" + standIn.serverUrl());
      System.out.println("MODAL_TOKEN_ID=" + settings.tokenId());
      System.out.println("MODAL_TOKEN_SECRET=" + settings.tokenSecret());
      System.out.println("STAND_IN_CONTROL=" + control.url());
      System.out.println();
      while (System.in.read() >= 0) {
        // Nothing is to be said to it: only the end counts.
      }
    }
  }
}
