// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.ProfileFile;
import java.util.List;

/** Where the files of a profile come from that are not written into the profile itself. */
@FunctionalInterface
public interface ProjectFiles {
  /** Refuses: everything must be written into the profile. */
  ProjectFiles NONE =
      path -> {
        throw new AgentRuntimeException(
            StandardError.INVALID_ARGUMENT,
            "expected files in the profile itself: no folders are read here");
      };

  /**
   * All files below a folder.
   *
   * @param path the folder as the profile names it
   * @throws AgentRuntimeException {@code INVALID_ARGUMENT} when it must not or cannot be read
   */
  List<ProfileFile> read(String path);
}
