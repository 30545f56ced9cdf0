// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.requirement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequiresTest {
  @Test
  @RequiresDocker
  @RequiresClaude
  void aTestWithSeveralRequirementsRunsOnlyWhereAllAreMet() throws Exception {
    assertThat(Requirement.DOCKER.missing()).isEmpty();
    assertThat(Requirement.CLAUDE.missing()).isEmpty();
  }

  @Test
  @RequiresNode
  void aTestThatNeedsNodeRunsOnlyWithNode() throws Exception {
    assertThat(Requirement.NODE.missing()).isEmpty();
  }
}
