// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.testkit.requirement.RequiresClaude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the real program does with each kind of script. */
@Tag("claude")
@RequiresClaude
@Timeout(300)
class ClaudeProgramIT {

  @TempDir private Path folder;
  private ScriptedModel model;

  @BeforeEach
  void start() throws IOException {
    model = ScriptedModel.start(ScriptedModelOptions.defaults().withPathToken("it"));
  }

  @AfterEach
  void stop() throws IOException {
    model.close();
  }

  private Path workspace() throws IOException {
    return folder.toRealPath().resolve("workspace");
  }

  private ClaudeProgram program(String... more) throws IOException {
    return new ClaudeProgram(model.baseUri(), folder.resolve("home"), workspace(), more);
  }

  private static List<String> texts(List<JsonNode> blocks, String field) {
    return blocks.stream().map(block -> block.path(field).asText()).toList();
  }

  private static boolean isApiRetry(JsonNode line) {
    return line.path("subtype").asText().equals("api_retry");
  }

  @Test
  void demoThinksWritesRunsAndReports() throws Exception {
    try (ClaudeProgram claude = program()) {
      JsonNode result = claude.turn("Show me. [[scenario:demo]]");

      assertThat(result.path("is_error").asBoolean()).isFalse();
      assertThat(result.path("result").asText()).contains("Hello from the sandbox.", "2 + 3 = 5");
      assertThat(claude.blocks("thinking")).hasSize(1);
      assertThat(texts(claude.blocks("tool_use"), "name")).containsExactly("Write", "Bash");
      assertThat(workspace().resolve("hello.sh")).content().startsWith("#!/bin/sh\n");
    }
  }

  @Test
  void toolsOfOneMessageAllRunAndTheScriptGoesOnBehindThem() throws Exception {
    try (ClaudeProgram claude = program()) {
      JsonNode result =
          claude.turn(
              "[[bash:echo a]][[and]][[write p/q.txt|one\\nzwei 😀\\n]][[read:p/q.txt]]"
                  + "[[edit p/q.txt|one|ONE]][[bash:cat p/q.txt]][[result]]");

      assertThat(result.path("result").asText()).isEqualTo("ONE\nzwei 😀");
      assertThat(texts(claude.blocks("tool_use"), "name"))
          .containsExactly("Bash", "Write", "Read", "Edit", "Bash");
    }
  }

  @Test
  void subagentsFollowTheScriptsInTheirPromptsAndMessagesHaveTheirOwnIds() throws Exception {
    try (ClaudeProgram claude = program()) {
      String same = "[[subagent:[[think:hm]][[bash:echo sub]][[write s.txt|x]][[text:sub done]]]]";
      JsonNode result = claude.turn(same + "[[and]]" + same + "[[text:all done]]");

      assertThat(result.path("result").asText()).isEqualTo("all done");
      assertThat(texts(claude.blocks("text"), "text")).contains("sub done");
      assertThat(workspace().resolve("s.txt")).exists();
      List<String> ids = texts(claude.blocks("tool_use"), "id");
      assertThat(new HashSet<>(ids)).hasSize(6);
    }
  }

  @Test
  void slowStreamIsInterruptedAndTheNextPromptWorks() throws Exception {
    try (ClaudeProgram claude = program()) {
      claude.say("[[slow:1000,50]]");
      claude.await(line -> line.toString().contains("chunk 5 of"));
      claude.interrupt();
      assertThat(claude.result().path("terminal_reason").asText()).isEqualTo("aborted_streaming");

      JsonNode next = claude.turn("[[recall]]");
      assertThat(next.path("result").asText()).isEqualTo("I remember:\n- [[slow:1000,50]]\n");
    }
  }

  @Test
  void hangIsInterruptedToo() throws Exception {
    try (ClaudeProgram claude = program()) {
      claude.say("[[think:a]][[hang]]");
      claude.await(line -> line.path("event").path("type").asText().equals("content_block_stop"));
      claude.interrupt();
      assertThat(claude.result().path("is_error").asBoolean()).isTrue();

      assertThat(claude.turn("[[text:back]]").path("result").asText()).isEqualTo("back");
    }
  }

  @Test
  void resumedSessionRemembersAndWorksInItsNewFolder() throws Exception {
    String session = UUID.randomUUID().toString();
    try (ClaudeProgram first = program("--session-id", session)) {
      first.turn("My name is Ada. [[text:Hello Ada]]");
    }
    Path elsewhere = folder.toRealPath().resolve("elsewhere");
    try (ClaudeProgram second =
        new ClaudeProgram(
            model.baseUri(), folder.resolve("home"), elsewhere, "--resume", session)) {
      JsonNode result = second.turn("[[write here.txt|x]][[recall]]");

      assertThat(result.path("result").asText()).contains("My name is Ada.");
      assertThat(elsewhere.resolve("here.txt")).hasContent("x");
    }
  }

  @Test
  void passingFaultIsRetriedAndLastingOneEndsTheTurn() throws Exception {
    try (ClaudeProgram claude = program()) {
      assertThat(claude.turn("[[fault:529x1]][[text:through]]").path("result").asText())
          .isEqualTo("through");
      assertThat(claude.seen()).filteredOn(ClaudeProgramIT::isApiRetry).hasSize(1);

      JsonNode failed = claude.turn("[[fault:401]]");
      assertThat(failed.path("api_error_status").asInt()).isEqualTo(401);
      assertThat(claude.turn("[[text:again]]").path("result").asText()).isEqualTo("again");
    }
  }

  @Test
  void cutMessageIsContinuedWhereItBroke() throws Exception {
    try (ClaudeProgram claude = program()) {
      JsonNode result = claude.turn("[[text:one]][[end]][[cut:1]][[text:two]]");

      assertThat(result.path("result").asText()).isEqualTo("two");
      assertThat(texts(claude.blocks("text"), "text")).containsSubsequence("one", "two");
    }
  }

  @Test
  void messageDuringAToolIsNotedAndTheScriptGoesOn() throws Exception {
    try (ClaudeProgram claude = program()) {
      // The tool ends when the program has the message: no guessing of times.
      claude.say(
          "[[bash:until [ -e go ]; do sleep 0.05; done; echo gone]][[bash:echo 2]][[text:end]]");
      claude.await(line -> line.path("event").path("type").asText().equals("message_stop"));
      claude.sayDuringTurn("mind the gap");
      Files.createFile(workspace().resolve("go"));
      JsonNode result = claude.result();

      assertThat(result.path("result").asText()).isEqualTo("end");
      assertThat(texts(claude.blocks("text"), "text")).contains("Noted: mind the gap\n");
    }
  }

  @Test
  void summaryOfALongConversationDoesNotDerailScripts() throws Exception {
    try (ClaudeProgram claude = program()) {
      claude.turn("[[bash:echo hi]][[text:one]]");
      claude.turn("[[bash:echo ho]][[text:two]]");
      claude.turn("/compact");

      assertThat(claude.turn("[[bash:echo hu]][[result]]").path("result").asText()).isEqualTo("hu");
    }
  }

  @Test
  void relativePathsWorkWithoutTheProgramsOwnInstructions() throws Exception {
    for (String option : List.of("--safe-mode", "--system-prompt=Be brief.")) {
      try (ClaudeProgram claude = program(option)) {
        String name = "file" + option.length();
        assertThat(claude.turn("[[write " + name + "|x]][[text:ok]]").path("is_error").asBoolean())
            .as(option)
            .isFalse();
        assertThat(workspace().resolve(name)).as(option).hasContent("x");
      }
    }
  }
}
