// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Plugin;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.profile.ProfileSummary;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.ProfileStore;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@Role(PersistenceCapability.PROFILES)
abstract class ProfileStoreContract extends RoleContract {
  private ProfileStore store() {
    return adapter().profiles();
  }

  private static String freshId() {
    return "profile-" + UUID.randomUUID();
  }

  private static AgentProfile full(String id) {
    List<ProfileFile> files =
        List.of(
            ProfileFile.text("scripts/run.sh", UNICODE),
            new ProfileFile(new WorkspacePath("data.bin"), "AAEC", true, true));
    Map<String, Object> json = Map.of("text", UNICODE, "list", List.of(1, Map.of("deep", true)));
    return new AgentProfile(
        id,
        UNICODE,
        "description",
        UNICODE,
        List.of(new Rule("style", UNICODE, List.of("src/**"), true, json)),
        List.of("Read", "Bash"),
        List.of(new Skill("pdf", "d", UNICODE, files, List.of("a@1"), List.of("b==2"), json)),
        List.of(new SubagentDefinition("s", "d", "p", "haiku", List.of(), json)),
        List.of(new CommandDefinition("c", null, "p", json)),
        List.of(
            new McpServer.Stdio("stdio", "node", List.of("a b"), Map.of("KEY", "value")),
            new McpServer.Http("http", "https://host/x", "sse", Map.of("Authorization", "x")),
            new McpServer.Bundled("own", null, files, null, "node .", Map.of("A", "b"))),
        List.of("left-pad@1.0.0"),
        List.of("requests==2"),
        Map.of("TOKEN", "secret"),
        files,
        List.of(new Plugin("p", Map.of("type", "github", "text", UNICODE))),
        Map.of("PreToolUse", List.of(json)),
        PermissionPolicy.ASK,
        json,
        "an-architecture",
        "a-sandbox");
  }

  @Test
  void aProfileComesBackWithEveryField() throws InterruptedException {
    AgentProfile profile = full(freshId());
    store().save(profile);
    assertThat(adapter().loadAgentProfile(profile.id())).contains(profile);
    assertThat(adapter().listAgentProfiles()).contains(profile.summary());
  }

  @Test
  void noToolsAndAllToolsAreNotTheSame() throws InterruptedException {
    AgentProfile all = AgentProfile.named(freshId(), "all");
    store().save(all);
    assertThat(adapter().loadAgentProfile(all.id()).orElseThrow().tools()).isNull();
    assertThat(adapter().loadAgentProfile(all.id())).contains(all);
  }

  @Test
  void savingAgainReplaces() throws InterruptedException {
    String id = freshId();
    store().save(full(id));
    AgentProfile newer = AgentProfile.named(id, "newer");
    store().save(newer);
    assertThat(adapter().loadAgentProfile(id)).contains(newer);
    assertThat(adapter().listAgentProfiles().stream().filter(summary -> summary.id().equals(id)))
        .containsExactly(new ProfileSummary(id, "newer", null));
  }

  @Test
  void aDeletedProfileIsGone() throws InterruptedException {
    String id = freshId();
    store().save(AgentProfile.named(id, "x"));
    assertThat(store().delete(id)).isTrue();
    assertThat(store().delete(id)).isFalse();
    assertThat(adapter().loadAgentProfile(id)).isEmpty();
    assertThat(adapter().listAgentProfiles()).noneMatch(summary -> summary.id().equals(id));
  }
}
