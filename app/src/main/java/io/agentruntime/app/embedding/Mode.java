// SPDX-License-Identifier: MIT

package io.agentruntime.app.embedding;

/**
 * The property that brings the routes and sockets of this module into a Micronaut application, and
 * its values. Without it none of the beans of this module exist.
 */
public final class Mode {
  /** The property's name. */
  public static final String PROPERTY = "agent-runtime.mode";

  /** A server of its own: every request is ours, and so is the shape of every error. */
  public static final String SERVER = "server";

  /** Part of another application, which keeps its own routes, filters and errors. */
  public static final String EMBEDDED = "embedded";

  private Mode() {}
}
