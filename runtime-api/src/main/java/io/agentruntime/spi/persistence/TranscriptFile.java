// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

/**
 * A stored transcript file.
 *
 * @param name as in {@link io.agentruntime.model.transcript.TranscriptEntry#name()}
 * @param size bytes
 */
public record TranscriptFile(String name, long size) {}
