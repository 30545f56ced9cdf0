// SPDX-License-Identifier: MIT

package io.agentruntime.model.workspace;

import io.agentruntime.error.AgentRuntimeException;
import java.util.Comparator;
import java.util.List;

/**
 * The whole workspace at one moment.
 *
 * @param files every kept file, in path order
 */
public record Manifest(List<WorkspaceFile> files) {
  /** A workspace without files. */
  public static final Manifest EMPTY = new Manifest(List.of());

  /** Sorts by path and refuses a path that comes twice. */
  public Manifest {
    files = files.stream().sorted(Comparator.comparing(WorkspaceFile::path)).toList();
    for (int i = 1; i < files.size(); i++) {
      if (files.get(i).path().equals(files.get(i - 1).path())) {
        throw AgentRuntimeException.invalid(
            "manifest", "each path once, not " + files.get(i).path() + " again");
      }
    }
  }
}
