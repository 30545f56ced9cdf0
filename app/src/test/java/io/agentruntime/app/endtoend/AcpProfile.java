// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Profiles for programs of which only the protocol is known, as the documentation shows them. */
final class AcpProfile {
  /** The setting that names what of the server's variables such profiles may ask for. */
  static final String SECRETS = "AGENT_RUNTIME_ARCHITECTURE_ACP_SECRETS";

  /** What {@link #openCode} asks for; the scripted model has its address and key there. */
  static final String RELEASED = "[\"OPENAI_API_KEY\",\"OPENAI_BASE_URL\"]";

  private AcpProfile() {}

  static Map<String, Object> openCode() throws IOException {
    return read("opencode-acp.json");
  }

  static Map<String, Object> gemini() throws IOException {
    return read("gemini-acp.json");
  }

  private static Map<String, Object> read(String name) throws IOException {
    Path file = Path.of("../architecture-acp/src/test/resources/profiles", name);
    return new JsonMapper().readValue(file.toFile(), new TypeReference<>() {});
  }
}
