// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import java.util.HashMap;
import java.util.Map;

/** A server's settings for a program of which it knows only how to run it. */
final class OpenCodeOverAcp {
  private static final String FILES =
      """
      {".config/opencode/opencode.json": {
        "model": "mine/scripted",
        "small_model": "mine/scripted",
        "autoupdate": false,
        "share": "disabled",
        "permission": {"edit": "ask", "bash": "ask"},
        "enabled_providers": ["mine"],
        "provider": {"mine": {
          "npm": "@ai-sdk/openai-compatible",
          "options": {"baseURL": "{env:OPENAI_BASE_URL}", "apiKey": "{env:OPENAI_API_KEY}"},
          "models": {"scripted": {"reasoning": true, "tool_call": true}}
        }}
      }}
      """;

  private OpenCodeOverAcp() {}

  /** The variables of a server whose program finds the model there. */
  static Map<String, String> settings(String model) {
    Map<String, String> settings = new HashMap<>();
    settings.put("OPENAI_BASE_URL", model + "/v1");
    settings.put("OPENAI_API_KEY", Agent.KEY);
    String prefix = "AGENT_RUNTIME_ARCHITECTURE_ACP_";
    settings.put(prefix + "COMMAND", "[\"opencode\",\"acp\"]");
    settings.put(
        prefix + "ENVIRONMENT",
        "{\"OPENCODE_DISABLE_AUTOUPDATE\":\"1\",\"OPENCODE_DISABLE_MODELS_FETCH\":\"1\","
            + "\"OPENCODE_DISABLE_LSP_DOWNLOAD\":\"1\","
            + "\"OPENCODE_DISABLE_DEFAULT_PLUGINS\":\"1\",\"OPENCODE_PURE\":\"1\"}");
    settings.put(prefix + "SECRETS", "[\"OPENAI_API_KEY\",\"OPENAI_BASE_URL\"]");
    settings.put(prefix + "FILES", FILES);
    settings.put(prefix + "INSTRUCTIONS", ".config/opencode/AGENTS.md");
    settings.put(prefix + "EXPORT", "[\"opencode\",\"export\",\"{session}\"]");
    settings.put(prefix + "IMPORT", "[\"opencode\",\"import\",\"{file}\"]");
    return settings;
  }
}
