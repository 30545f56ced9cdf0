// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstDifferenceTest {
  private record Pair(List<Block> main, List<Block> subagents) {}

  private static final Block ONE = text("a", "one");
  private static final Block TWO = text("b", "two");

  @Test
  void equalConversationsHaveNone() {
    assertThat(FirstDifference.at("conversation", pair(ONE, TWO), pair(ONE, TWO))).isEmpty();
  }

  @Test
  void theFirstBlockThatDiffersIsNamedAlone() {
    Block other = text("b", "other");
    assertThat(FirstDifference.at("conversation", pair(ONE, TWO), pair(ONE, other)))
        .hasValueSatisfying(
            difference ->
                assertThat(difference)
                    .startsWith("conversation.main[1] differs")
                    .contains("in the stream:     " + other)
                    .contains("in the transcript: " + TWO)
                    .doesNotContain("text=one"));
  }

  @Test
  void aBlockThatOnlyOneHasIsNamed() {
    assertThat(FirstDifference.at("conversation", pair(ONE), pair(ONE, TWO)))
        .hasValueSatisfying(
            difference ->
                assertThat(difference)
                    .startsWith("conversation.main[1] differs")
                    .contains("in the transcript: nothing"));
  }

  private static Pair pair(Block... main) {
    return new Pair(List.of(main), List.of());
  }

  private static Block text(String id, String text) {
    return new Block.AssistantText(BlockHeader.complete(id), text, null);
  }
}
