// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.model.profile.PermissionPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The program's own tools, and what may be done with them. */
final class ToolNames {
  /** Tools by the permission that they need. */
  private static final Map<String, Set<String>> TOOLS = tools();

  /** What changes nothing. */
  private static final Set<String> HARMLESS =
      Set.of("read", "glob", "grep", "list", "lsp", "skill", "task", "todowrite");

  private ToolNames() {}

  private static Map<String, Set<String>> tools() {
    Map<String, Set<String>> tools = new LinkedHashMap<>();
    tools.put("bash", Set.of("bash"));
    tools.put("edit", Set.of("edit", "write", "multiedit", "apply_patch"));
    tools.put("read", Set.of("read"));
    tools.put("glob", Set.of("glob"));
    tools.put("grep", Set.of("grep"));
    tools.put("list", Set.of("list", "ls"));
    tools.put("lsp", Set.of("lsp"));
    tools.put("skill", Set.of("skill"));
    tools.put("task", Set.of("task", "agent"));
    tools.put("todowrite", Set.of("todowrite", "todoread"));
    tools.put("webfetch", Set.of("webfetch"));
    tools.put("websearch", Set.of("websearch", "codesearch"));
    return tools;
  }

  /** Whether the program has a tool of that name, in whatever case. */
  static boolean isKnown(String name) {
    String tool = name.toLowerCase(Locale.ROOT);
    return TOOLS.values().stream().anyMatch(names -> names.contains(tool));
  }

  /** The permissions of the program's configuration: of several that fit, the last one counts. */
  static Map<String, Object> permissions(PermissionPolicy policy, @Nullable List<String> allowed) {
    Map<String, Object> permissions = new LinkedHashMap<>();
    permissions.put("*", policy == PermissionPolicy.BYPASS ? "allow" : "ask");
    if (policy != PermissionPolicy.BYPASS) {
      TOOLS.keySet().stream()
          .filter(HARMLESS::contains)
          .forEach(permission -> permissions.put(permission, "allow"));
    }
    // There is nobody in the program's own terminal to answer.
    permissions.put("question", "deny");
    if (allowed != null) {
      permissions.putAll(denials(allowed));
    }
    return permissions;
  }

  /** Denies every tool of the program that is not in the list. */
  static Map<String, Object> denials(List<String> allowed) {
    Set<String> names =
        allowed.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    Map<String, Object> denied = new LinkedHashMap<>();
    TOOLS.forEach(
        (permission, tools) -> {
          if (tools.stream().noneMatch(names::contains)) {
            denied.put(permission, "deny");
          }
        });
    return denied;
  }
}
