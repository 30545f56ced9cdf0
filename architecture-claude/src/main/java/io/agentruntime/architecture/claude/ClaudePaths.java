// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where things are in a sandbox. All of it lies outside of the workspace, which belongs to the
 * user.
 *
 * @param sandbox the sandbox's own paths
 */
record ClaudePaths(SandboxPaths sandbox) {
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /** The program's settings folder, which is also where it keeps its transcripts. */
  String config() {
    return sandbox.home() + "/.claude";
  }

  /** The folder with one folder of transcripts per working directory. */
  String projects() {
    return config() + "/projects";
  }

  /** The folder of the workspace's transcripts. */
  String project() {
    return projects() + "/" + slug(sandbox.workspace());
  }

  /** The name that the program gives to a working directory's folder. */
  static String slug(String workingDirectory) {
    return workingDirectory.replaceAll("[^A-Za-z0-9]", "-");
  }

  /** The folder of what this runtime hands to the program. */
  String runtime() {
    return sandbox.scratch() + "/claude";
  }

  String systemPrompt() {
    return runtime() + "/system-prompt.md";
  }

  String mcpConfig() {
    return runtime() + "/mcp.json";
  }

  /** The folder of a bundled MCP server's files. */
  String mcpServer(String name) {
    return runtime() + "/mcp/" + name;
  }

  /** The folder of npm packages from the profile. */
  String npm() {
    return sandbox.home() + "/.agent-dependencies/npm";
  }

  /** The folder of Python packages from the profile. */
  String pip() {
    return sandbox.home() + "/.agent-dependencies/pip";
  }

  /**
   * The program's id of a session. It takes only UUIDs, so an id of another form, which a session
   * that was adopted from elsewhere may have, stands for one.
   */
  static String nativeId(SessionId id, @Nullable String nativeId) {
    if (nativeId != null) {
      return nativeId;
    }
    return UUID_TEXT.matcher(id.value()).matches()
        ? id.value()
        : UUID.nameUUIDFromBytes(id.value().getBytes(StandardCharsets.UTF_8)).toString();
  }
}
