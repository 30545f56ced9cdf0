package io.agentruntime.app.endtoend;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The profile for a program of which only the protocol is known, as the documentation shows it. */
final class AcpProfile {
  /** The setting that names what of the server's variables such profiles may ask for. */
  static final String SECRETS = "AGENT_RUNTIME_ARCHITECTURE_ACP_SECRETS";

  /** What {@link #openCode} asks for; the scripted model has its address and key there. */
  static final String RELEASED = "[\"OPENAI_API_KEY\",\"OPENAI_BASE_URL\"]";

  private AcpProfile() {}

  static Map<String, Object> openCode() throws IOException {
    Path file = Path.of("../architecture-acp/src/test/resources/profiles/opencode-acp.json");
    return new JsonMapper().readValue(file.toFile(), new TypeReference<>() {});
  }
}
