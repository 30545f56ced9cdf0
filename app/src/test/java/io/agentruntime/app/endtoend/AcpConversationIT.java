package io.agentruntime.app.endtoend;

import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.requirement.RequiresNode;
import io.agentruntime.testkit.requirement.RequiresOpenCode;
import io.agentruntime.testkit.requirement.TestMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/** The promises, kept by a program of which the server knows nothing but a profile. */
@RequiresOpenCode
@RequiresNode
final class AcpConversationIT extends ConversationContract {
  /** The profile that the documentation shows. */
  private static final Path PROFILE =
      Path.of("../architecture-acp/src/test/resources/profiles/opencode-acp.json");

  private final ScriptedModel model;

  AcpConversationIT() throws IOException {
    super("local", RealAgent.OPENCODE_OVER_ACP);
    model = ScriptedModel.start(ScriptedModelOptions.defaults());
  }

  /**
   * No test here: the protocol tells nothing of subagents. Servers of profiles are called in the
   * architecture's own tests.
   */
  @Override
  void aSubagentHasAConversationOfItsOwnAndAServerOfTheProfileIsCalled() {}

  @AfterAll
  void stopModel() throws IOException {
    model.close();
  }

  @Override
  void prepare(Path profiles) throws IOException {
    Files.copy(PROFILE, profiles.resolve("default.json"));
  }

  /** With variables that the operator releases, as any program's key would be. */
  @Override
  Map<String, String> environment() {
    return Map.of(
        "AGENT_RUNTIME_ARCHITECTURE_ACP_SECRETS",
        "[\"OPENAI_API_KEY\",\"OPENAI_BASE_URL\"]",
        "OPENAI_API_KEY",
        "a-key-of-the-test",
        "OPENAI_BASE_URL",
        model.baseUri() + "/v1",
        "AGENT_RUNTIME_SANDBOX_LOCAL_PROGRAM_PATH",
        TestMachine.openCode().getParent().toString());
  }
}
