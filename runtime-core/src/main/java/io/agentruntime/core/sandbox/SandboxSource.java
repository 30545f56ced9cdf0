// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

/**
 * Where the sandboxes of sessions come from. Immutable.
 *
 * @param selection selects the provider
 * @param preparer prepares sandboxes
 * @param environment variables for the agents in them
 */
public record SandboxSource(
    SandboxSelection selection, SandboxPreparer preparer, AgentEnvironment environment) {}
