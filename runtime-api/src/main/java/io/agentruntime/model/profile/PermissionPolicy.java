// SPDX-License-Identifier: MIT

package io.agentruntime.model.profile;

/** What happens when the agent asks whether it may use a tool. */
public enum PermissionPolicy {
  /** It does not ask: the sandbox is the boundary. */
  BYPASS,
  /** Each request becomes an event that a client answers. */
  ASK,
  /** Each request is refused. */
  DENY
}
