package io.agentruntime.spi.architecture;

/** What an architecture supports; the coverage table in the docs is made from it. */
public enum ArchitectureCapability {
  /** Text arrives in deltas. */
  TEXT_DELTAS,
  /** Thinking arrives in deltas. */
  THINKING_DELTAS,
  /** Tool arguments arrive in deltas. */
  INPUT_DELTAS,
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
  /** Profiles may hold skills. */
  SKILLS,
  /** Profiles may hold slash commands. */
  COMMANDS,
  /** Profiles may hold MCP servers. */
  MCP,
  /** Profiles may hold hooks. */
  HOOKS,
  /** Profiles may hold plugins. */
  PLUGINS
}
