// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.model.turn.UserContent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users say stays what they said, whatever the program's own texts look like. */
class UserTextsTest {
  private static List<Block> decode(Map<String, Object> record) {
    return new ClaudeTranscripts()
        .decode(new Transcript(List.of(new TranscriptEntry("s.jsonl", Json.write(record)))))
        .blocks();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[Request interrupted by user]",
        "Base directory for this skill: /x\n\nbody",
        "<command-name>/x</command-name>",
        "<task-notification><tool-use-id>t</tool-use-id></task-notification>",
        "Skill\n# heading",
        "",
        " \n ",
        "\u0000\ud83d\ude00 \u2028 e\u0301"
      })
  void aUsersTextIsKeptCharacterByCharacter(String text) {
    List<Block> blocks =
        decode(
            Map.of(
                "type", "user",
                "uuid", "u1",
                "promptSource", "sdk",
                "message", Map.of("role", "user", "content", text)));
    assertThat(blocks)
        .singleElement()
        .isInstanceOfSatisfying(
            Block.UserMessage.class,
            user -> {
              assertThat(user.id().value()).isEqualTo("u1");
              assertThat(user.content()).isEqualTo(new UserContent.Text(text));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"<command-name>", "<task-notification><result>", "<summary>"})
  void textsThatLookHalfLikeTheProgramsCostNoMoreThanOthers(String piece) {
    String text = piece.repeat(40_000);
    long start = System.nanoTime();
    decode(
        Map.of("type", "user", "uuid", "u1", "message", Map.of("role", "user", "content", text)));
    assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
  }
}
