// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.testkit.requirement.RequiresOpenCode;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the real program does with each kind of script. One server for all, as it starts slowly. */
@Tag("opencode")
@RequiresOpenCode
@Timeout(300)
class OpenCodeProgramIT {

  @TempDir private static Path folder;
  private static ScriptedModel model;
  private static OpenCodeProgram program;
  private String session;

  @BeforeAll
  static void start() throws Exception {
    model = ScriptedModel.start(ScriptedModelOptions.defaults().withPathToken("it"));
    program = new OpenCodeProgram(model.baseUri(), folder.resolve("home"), workspace());
  }

  @AfterAll
  static void stop() throws IOException {
    if (program != null) {
      program.close();
    }
    if (model != null) {
      model.close();
    }
  }

  @BeforeEach
  void begin() throws Exception {
    session = program.session();
  }

  private static Path workspace() throws IOException {
    return folder.toRealPath().resolve("workspace");
  }

  private static String text(JsonNode message) {
    StringBuilder text = new StringBuilder();
    for (JsonNode part : message.path("parts")) {
      text.append(part.path("type").asText().equals("text") ? part.path("text").asText() : "");
    }
    return text.toString();
  }

  private static List<String> parts(String session, String type, String pointer) throws Exception {
    List<String> values = new ArrayList<>();
    for (JsonNode message : program.messages(session)) {
      for (JsonNode part : message.path("parts")) {
        if (part.path("type").asText().equals(type)) {
          values.add(part.at(pointer).asText());
        }
      }
    }
    return values;
  }

  private static boolean isDelta(JsonNode event, String session, String text) {
    return event.path("type").asText().equals("message.part.delta")
        && event.at("/properties/sessionID").asText().equals(session)
        && event.at("/properties/delta").asText().contains(text);
  }

  @Test
  void demoThinksWritesRunsAndReports() throws Exception {
    JsonNode last = program.turn(session, "Show me. [[scenario:demo]]");

    assertThat(text(last)).contains("Hello from the sandbox.", "2 + 3 = 5");
    assertThat(parts(session, "reasoning", "/text")).hasSize(1);
    assertThat(parts(session, "tool", "/tool")).containsExactly("write", "bash");
    assertThat(parts(session, "tool", "/state/status")).containsOnly("completed");
    assertThat(workspace().resolve("hello.sh")).content().startsWith("#!/bin/sh\n");
    assertThat(last.at("/info/cost").asDouble()).isPositive();
  }

  @Test
  void toolsOfOneMessageAllRunAndTheScriptGoesOnBehindThem() throws Exception {
    JsonNode last =
        program.turn(
            session,
            "[[bash:echo a]][[and]][[write p/q.txt|one\\nzwei 😀\\n]][[read:p/q.txt]]"
                + "[[edit p/q.txt|one|ONE]][[bash:cat p/q.txt]][[result]]");

    assertThat(text(last)).isEqualTo("ONE\nzwei 😀\n");
    assertThat(parts(session, "tool", "/tool"))
        .containsExactlyInAnyOrder("bash", "write", "read", "edit", "bash");
    assertThat(parts(session, "tool", "/state/status")).containsOnly("completed");
  }

  @Test
  void aSubagentFollowsTheScriptInItsPrompt() throws Exception {
    JsonNode last =
        program.turn(
            session,
            "[[subagent:[[think:hm]][[bash:echo sub]][[write s.txt|x]][[text:sub done]]]]"
                + "[[text:It said ]][[result]]");

    assertThat(text(last)).startsWith("It said ").contains("sub done");
    assertThat(parts(session, "tool", "/tool")).containsExactly("task");
    assertThat(workspace().resolve("s.txt")).hasContent("x");
  }

  @Test
  void slowStreamAndHangAreInterruptedAndTheNextPromptWorks() throws Exception {
    program.say(session, "[[slow:1000,50]]");
    program.await(event -> isDelta(event, session, "chunk 5 of"));
    program.abort(session);
    program.say(session, "[[text:Half]][[hang]]");
    program.await(event -> isDelta(event, session, "Half"));
    program.abort(session);

    assertThat(text(program.turn(session, "[[recall]]")))
        .isEqualTo("I remember:\n- [[slow:1000,50]]\n- [[text:Half]][[hang]]\n");
  }

  @Test
  void passingFaultsAreRetriedAndALastingOneEndsTheTurn() throws Exception {
    assertThat(text(program.turn(session, "[[fault:429x1]][[text:through]]"))).isEqualTo("through");

    JsonNode failed = program.turn(session, "[[fault:401]]");
    assertThat(failed.at("/info/error/data/statusCode").asInt()).isEqualTo(401);
    assertThat(text(program.turn(session, "[[text:again]]"))).isEqualTo("again");
  }

  @Test
  void messageDuringAToolIsNotedAndTheScriptGoesOn() throws Exception {
    // The tool ends when the program has the message: no guessing of times.
    program.say(session, "[[bash:until [ -e go ]; do sleep 0.05; done]][[text:end]]");
    program.await(
        event ->
            event.at("/properties/part/sessionID").asText().equals(session)
                && event.at("/properties/part/state/status").asText().equals("running"));
    program.say(session, "mind the gap");
    program.await(
        event ->
            event.at("/properties/part/sessionID").asText().equals(session)
                && event.at("/properties/part/text").asText().equals("mind the gap"));
    Files.createFile(workspace().resolve("go"));
    program.await(event -> isDelta(event, session, "end"));

    // The program tells of a text before it keeps it.
    SandboxBench.await(
        "the text is kept",
        () -> parts(session, "text", "/text").contains("Noted: mind the gap\nend"));
  }

  @Test
  void summaryOfALongConversationDoesNotDerailScripts() throws Exception {
    program.turn(session, "[[bash:echo hi]][[text:one]]");
    program.turn(session, "[[bash:echo ho]][[text:two]]");
    program.summarize(session);

    assertThat(text(program.turn(session, "[[bash:echo hu]][[result]]"))).isEqualTo("hu\n");
  }

  @Test
  void aRunWithoutAServerPrintsTheSame() throws Exception {
    List<JsonNode> lines =
        OpenCodeProgram.run(
            model.baseUri(),
            folder.resolve("run-home"),
            workspace(),
            "[[think:Hm]][[bash:echo a]][[text:It said ]][[result]]");

    assertThat(lines.stream().map(line -> line.path("type").asText()))
        .containsSubsequence("reasoning", "tool_use", "text", "step_finish");
    assertThat(lines.stream().map(line -> line.at("/part/text").asText()))
        .contains("Hm", "It said a\n");
  }
}
