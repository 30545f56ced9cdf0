package io.agentruntime.model.workspace;

import java.util.List;

/**
 * The whole workspace at one moment.
 *
 * @param files every kept file, in path order
 */
public record Manifest(List<WorkspaceFile> files) {
  /** A workspace without files. */
  public static final Manifest EMPTY = new Manifest(List.of());

  /** Copies the list. */
  public Manifest {
    files = List.copyOf(files);
  }
}
