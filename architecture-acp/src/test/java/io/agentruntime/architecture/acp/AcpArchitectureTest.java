// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.testkit.architecture.AgentArchitectureContract;
import io.agentruntime.testkit.architecture.ProtocolInput;
import io.agentruntime.testkit.architecture.ProtocolSession;
import io.agentruntime.testkit.architecture.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The architecture passes the contract, with recordings of a real program. */
class AcpArchitectureTest extends AgentArchitectureContract {
  private static final List<Recording> RECORDINGS = Recordings.FOLDER.all();

  @Override
  public AgentArchitecture architecture() {
    return Programs.architecture();
  }

  @Override
  public List<Recording> recordings() {
    return RECORDINGS;
  }

  @Override
  protected Map<String, Object> options() {
    return Programs.OPENCODE.options();
  }

  /** Records are not read: the documented exception from the law of stream and transcript. */
  @Override
  public Object comparable(Conversation conversation) {
    return "kept in the event log alone";
  }

  /** Servers reach the program when a session is opened. */
  @Override
  protected List<Object> materialized(AgentProfile profile) {
    List<Object> all = new ArrayList<>(super.materialized(profile));
    ProtocolStart start = start(Map.of());
    ProtocolSession session =
        new ProtocolSession(
            architecture()
                .protocol(
                    new ProtocolStart(
                        start.sessionId(), null, profile, options(), false, 1, Map.of())));
    RECORDINGS.getFirst().inputs().stream()
        .filter(input -> !(input instanceof ProtocolInput.Turn))
        .limit(2)
        .forEach(session::apply);
    all.add(session.stdin());
    return all;
  }

  @Test
  void theServiceLoaderFindsIt() {
    assertThat(ServiceLoader.load(AgentArchitecture.class))
        .anyMatch(AcpArchitecture.class::isInstance);
  }
}
