// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

/**
 * Where things are in a sandbox: absolute POSIX paths without a trailing slash. The directories
 * exist and belong to the user that runs processes.
 *
 * @param workspace the agent's working directory
 * @param home the user's home directory
 * @param scratch a folder for the runtime's own files, outside of both
 */
public record SandboxPaths(String workspace, String home, String scratch) {}
