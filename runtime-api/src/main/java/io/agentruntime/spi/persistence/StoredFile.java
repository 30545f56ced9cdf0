package io.agentruntime.spi.persistence;

import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.WorkspaceFile;
import org.jspecify.annotations.Nullable;

/**
 * A workspace file with its content.
 *
 * @param file path, kind, mode, size and hash
 * @param content the bytes, binary-safe; null unless a regular file
 */
public record StoredFile(WorkspaceFile file, @Nullable Content content) {}
