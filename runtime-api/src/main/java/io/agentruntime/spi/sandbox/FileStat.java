// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

import io.agentruntime.model.workspace.FileKind;
import org.jspecify.annotations.Nullable;

/**
 * A directory entry.
 *
 * @param path absolute
 * @param kind what it is
 * @param size bytes
 * @param mode POSIX permission bits
 * @param changeToken differs whenever the entry may have changed: modification and change time and
 *     inode; opaque
 * @param linkTarget where a link points; null unless a link
 */
public record FileStat(
    String path,
    FileKind kind,
    long size,
    int mode,
    String changeToken,
    @Nullable String linkTarget) {}
