// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

/**
 * What an architecture supports; the coverage table in the docs is made from it.
 *
 * <p>What is declared must work, which the contract suite wants to see; what is not declared must
 * be refused where it is asked for, never ignored. Names are stable, the order is not.
 */
public enum ArchitectureCapability {
  /** Text arrives in deltas. */
  TEXT_DELTAS,
  /** Thinking arrives in deltas. */
  THINKING_DELTAS,
  /** Tool arguments arrive in deltas. */
  INPUT_DELTAS,
  /** What tools returned is told. */
  TOOL_OUTPUT,
  /** What a tool prints is told while it runs. */
  LIVE_TOOL_OUTPUT,
  /** Subagents have conversations of their own. */
  SUBAGENTS,
  /** A running turn can be interrupted and the process lives on. */
  INTERRUPT,
  /** A message can be given to a running turn. */
  STEER,
  /** The agent asks for permissions and can be answered. */
  PERMISSIONS,
  /** Token usage is reported. */
  USAGE,
  /** Cost is reported. */
  COST,
  /** A conversation continues in a fresh sandbox from its transcript. */
  RESUME,
  /** Messages may hold images. */
  IMAGES,
  /** Profiles may replace the agent's system prompt. */
  SYSTEM_PROMPT,
  /** Profiles may hold rules. */
  INSTRUCTIONS,
  /** Profiles may choose the tools that the agent may use. */
  TOOL_CHOICE,
  /** Profiles may hold skills. */
  SKILLS,
  /** Profiles may define subagents. */
  SUBAGENT_DEFINITIONS,
  /** Profiles may hold slash commands. */
  COMMANDS,
  /** Profiles may hold MCP servers. */
  MCP,
  /** Profiles may name packages to install. */
  PACKAGES,
  /** Profiles may hold hooks. */
  HOOKS,
  /** Profiles may hold plugins. */
  PLUGINS
}
