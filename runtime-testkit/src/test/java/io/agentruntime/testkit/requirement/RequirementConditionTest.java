// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.requirement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

class RequirementConditionTest {
  @Test
  void aTestWhoseRequirementIsMissingIsSkippedWithTheReason() {
    ConditionEvaluationResult result =
        new RequirementCondition("").refuse(Requirement.DOCKER, "no engine");

    assertThat(result.isDisabled()).isTrue();
    assertThat(result.getReason()).hasValue("Needs docker: no engine");
  }

  @Test
  void aTestWhoseRequirementIsDemandedFailsInsteadOfBeingSkipped() {
    RequirementCondition condition = new RequirementCondition("claude, docker");

    assertThatThrownBy(() -> condition.refuse(Requirement.DOCKER, "no engine"))
        .hasMessage("AGENT_RUNTIME_REQUIRE demands docker, but: no engine");
  }

  @Test
  void demandingOneRequirementLeavesOthersOptional() {
    RequirementCondition condition = new RequirementCondition("docker");

    assertThat(condition.refuse(Requirement.NODE, "no node").isDisabled()).isTrue();
  }

  @Test
  void aMisspeltDemandIsAnErrorThatListsTheKnownOnes() {
    assertThatThrownBy(() -> new RequirementCondition("doker"))
        .hasMessageContaining("doker")
        .hasMessageContaining("docker, claude, gemini, opencode, node, bubblewrap");
  }
}
