// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.json.Json;
import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.requirement.RequiresNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The promises, kept by OpenCode on Docker. */
@RequiresDocker
@RequiresNode
final class OpenCodeDockerConversationIT extends ConversationContract {
  OpenCodeDockerConversationIT() {
    super("docker", RealAgent.OPENCODE);
  }

  @Override
  Map<String, String> environment() {
    return Map.of(AcpProfile.SECRETS, AcpProfile.RELEASED);
  }

  @Override
  void prepare(Path profiles) throws IOException {
    Files.writeString(profiles.resolve("acp.yaml"), Json.text(AcpProfile.openCode()));
  }

  @Test
  @Order(4)
  void aProgramThatIsKnownByItsProfileAloneWorksInAContainerToo() throws Exception {
    RealAgent acp = RealAgent.OPENCODE_OVER_ACP;
    try (Follower follower = new Follower(server(), acp.architecture(), "acp")) {
      String message =
          follower.turn("[[think:hm]][[write a.txt|hi]][[bash:cat a.txt]][[text:That is all.]]");
      assertThat(follower.said(message)).isEqualTo("That is all.");
      assertThat(follower.returned(message)).hasSize(2).endsWith("hi");
      assertThat(follower.failedTools(message)).isEmpty();
    }
  }
}
