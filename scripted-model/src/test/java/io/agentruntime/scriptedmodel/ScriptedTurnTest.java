// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole turns over the wire: how a script moves on as the conversation grows. */
class ScriptedTurnTest {

  private ScriptedModel model;
  private ModelClient client;

  @BeforeEach
  void start() throws IOException {
    model = ScriptedModel.start(ScriptedModelOptions.defaults());
    client = new ModelClient(model.baseUri());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    model.close();
  }

  @Test
  void promptWithoutTagsIsAnsweredWithAWordAboutTheModel() throws Exception {
    JsonNode reply = client.user("What is the weather?").next();

    assertThat(ModelClient.text(reply)).startsWith("This is the scripted model");
    assertThat(reply.get("stop_reason").asText()).isEqualTo("end_turn");
  }

  @Test
  void demoThinksWritesAFileRunsItAndEndsWithWhatItPrinted() throws Exception {
    JsonNode first = client.user("[[scenario:demo]]").next();
    assertThat(first.at("/content").findValuesAsText("type"))
        .containsExactly("thinking", "text", "tool_use");
    assertThat(first.at("/content/2/name").asText()).isEqualTo("Write");
    assertThat(first.at("/content/2/input/file_path").asText()).isEqualTo("/workspace/hello.sh");
    assertThat(first.get("stop_reason").asText()).isEqualTo("tool_use");

    JsonNode second = client.results(first, "written").next();
    assertThat(second.at("/content/0/name").asText()).isEqualTo("Bash");

    JsonNode third = client.results(second, "Hello!").next();
    assertThat(ModelClient.text(third)).endsWith("printed:\n\nHello!");
    assertThat(third.get("stop_reason").asText()).isEqualTo("end_turn");
  }

  @Test
  void scriptGoesOnAfterTheServerWasReplaced() throws Exception {
    JsonNode first = client.user("[[bash:one]][[bash:two]][[text:end]]").next();
    client.results(first, "1");
    try (ScriptedModel other = ScriptedModel.start(ScriptedModelOptions.defaults());
        ModelClient moved = new ModelClient(other.baseUri())) {
      for (JsonNode message : client.body(false).get("messages")) {
        moved.message(message.get("role").asText(), message.get("content").toString());
      }
      JsonNode second = moved.next();
      assertThat(second.at("/content/0/input/command").asText()).isEqualTo("two");
    }
  }

  @Test
  void sameConversationGetsTheSameIdsOnAnyServer() throws Exception {
    JsonNode here = client.user("[[bash:one]]").next();
    try (ScriptedModel other = ScriptedModel.start(ScriptedModelOptions.defaults());
        ModelClient there = new ModelClient(other.baseUri())) {
      assertThat(there.user("[[bash:one]]").next()).isEqualTo(here);
    }
  }

  @Test
  void repeatedRequestGetsItsOwnMessageId() throws Exception {
    client.user("[[text:again]]");
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      ids.add(ModelClient.JSON.readTree(client.ask(false).body()).get("id").asText());
    }
    assertThat(ids).hasSize(3);
  }

  @Test
  void toolCallsJoinedByAndComeInOneMessageAndTheirResultsCountTogether() throws Exception {
    JsonNode first = client.user("[[bash:a]][[and]][[read:b]][[bash:c]][[text:end]]").next();
    assertThat(first.at("/content").findValuesAsText("name")).containsExactly("Bash", "Read");
    assertThat(new HashSet<>(first.at("/content").findValuesAsText("id"))).hasSize(2);

    JsonNode second = client.results(first, "ok").next();
    assertThat(second.at("/content/0/input/command").asText()).isEqualTo("c");
  }

  @Test
  void textsSideBySideAreOneBlockUnlessEndStandsBetween() throws Exception {
    JsonNode reply = client.user("[[text:a]][[text:b]][[end]][[text:c]]").next();

    assertThat(reply.at("/content").findValuesAsText("text")).containsExactly("ab", "c");
  }

  @Test
  void endOfTheScriptIsAnsweredWithDone() throws Exception {
    JsonNode first = client.user("[[bash:a]]").next();

    assertThat(ModelClient.text(client.results(first, "ok").next())).isEqualTo("Done.");
  }

  @Test
  void nextPromptStartsItsOwnScript() throws Exception {
    client.user("[[text:first]]").next();

    assertThat(ModelClient.text(client.user("[[text:second]]").next())).isEqualTo("second");
    assertThat(ModelClient.text(client.user("plain").next())).startsWith("This is the scripted");
  }

  @Test
  void recallSaysTheEarlierUserTextsAndNothingOfTheProgram() throws Exception {
    client.user("My name is Ada [[text:ok]]").next();
    client.message(
        "user",
        """
        [{"type":"text","text":"<system-reminder>secret</system-reminder>"},
         {"type":"text","text":"[[recall]]"}]
        """);

    assertThat(ModelClient.text(client.next()))
        .isEqualTo("I remember:\n- My name is Ada [[text:ok]]\n");
  }

  @Test
  void messageWithoutTagsDuringATurnIsNotedOnceAndTheScriptGoesOn() throws Exception {
    JsonNode first = client.user("[[bash:a]][[bash:b]][[text:end]]").next();
    client
        .results(first, "ok")
        .message(
            "system",
            "\"The user sent a new message while you were working:\\n"
                + "hurry\\n"
                + "\\n"
                + "This is how it is.\"");
    JsonNode second = client.next();
    assertThat(ModelClient.text(second)).isEqualTo("Noted: hurry\n");
    assertThat(second.at("/content/1/input/command").asText()).isEqualTo("b");

    assertThat(ModelClient.text(client.results(second, "ok").next())).isEqualTo("end");
  }

  @Test
  void messageWithTagsDuringATurnReplacesTheScript() throws Exception {
    JsonNode first = client.user("[[bash:a]][[bash:b]][[text:end]]").next();
    client
        .results(first, "ok")
        .message(
            "system",
            "\"The user sent a new message while you were working:\\n"
                + "[[text:new]]\\n"
                + "\\n"
                + "This is how it is.\"");

    assertThat(ModelClient.text(client.next())).isEqualTo("new");
  }

  @Test
  void promptAfterAnInterruptedToolStartsAnew() throws Exception {
    JsonNode first = client.user("[[bash:a]][[text:never]]").next();
    String id = first.at("/content/0/id").asText();
    client.message(
        "user",
        """
        [{"type":"tool_result","tool_use_id":"%s","content":"stopped","is_error":true},
         {"type":"text","text":"[Request interrupted by user for tool use]"},
         {"type":"text","text":"something else"}]
        """
            .formatted(id));

    assertThat(ModelClient.text(client.next())).startsWith("This is the scripted model");
  }

  @Test
  void noticeAfterTheEndOfTheScriptDoesNotStartItAgain() throws Exception {
    client.user("[[text:Hello]]").next();
    client.user("<task-notification>done</task-notification>");

    assertThat(ModelClient.text(client.next())).isEqualTo("Done.");
  }

  @Test
  void stoppedMessageGoesOnBehindTheStopWhenTheProgramAsksForTheRest() throws Exception {
    JsonNode first = client.user("[[text:one]][[stop:max_tokens]][[text:two]]").next();
    assertThat(first.get("stop_reason").asText()).isEqualTo("max_tokens");
    assertThat(ModelClient.text(first)).isEqualTo("one");

    client.user("Output token limit hit. Resume.");
    assertThat(ModelClient.text(client.next())).isEqualTo("two");
  }

  @Test
  void lookFindAndToolsTellWhatTheModelWasGiven() throws Exception {
    client.message(
        "user",
        """
        [{"type":"text","text":"<system-reminder>the canary sings</system-reminder>"},
         {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}},
         {"type":"text","text":"[[look]][[find:canary]][[find:dog]][[tools]]"}]
        """);

    assertThat(ModelClient.text(client.next()))
        .isEqualTo(
            """
            I see: image image/png, 3 bytes, sha256 \
            039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81; text, 44 characters
            Found: canary
            Not found: dog
            Tools: Agent, Bash, Edit, Read, Write
            """);
  }

  @Test
  void relativePathsFollowTheLatestWorkingDirectoryOfTheRequest() throws Exception {
    client.user("[[write a.txt|x]]");
    client.message("system", "\"Env:\\n - Primary working directory: /home/a b\\n - git: no\"");
    client.message("system", "\" - Primary working directory: /new (was /home/a b)\"");

    assertThat(client.next().at("/content/0/input/file_path").asText()).isEqualTo("/new/a.txt");
  }

  @Test
  void workingDirectoryIsFoundInTheShortSystemTextToo() throws Exception {
    client.message("system", "\"CWD: /short\\nDate: today\"").user("[[read a.txt]]");

    assertThat(client.next().at("/content/0/input/file_path").asText()).isEqualTo("/short/a.txt");
  }

  @Test
  void allToolsHaveTheInputThatTheProgramWants() throws Exception {
    JsonNode reply =
        client
            .user(
                "[[edit /a|x|y]][[and]][[read /b]][[and]][[subagent:go]][[and]][[tool"
                    + " Grep|{\"pattern\":\"p\"}]]")
            .next();

    assertThat(reply.at("/content").findValuesAsText("name"))
        .containsExactly("Edit", "Read", "Agent", "Grep");
    assertThat(reply.at("/content").findValues("input"))
        .extracting(JsonNode::toString)
        .containsExactly(
            "{\"file_path\":\"/a\",\"old_string\":\"x\",\"new_string\":\"y\"}",
            "{\"file_path\":\"/b\"}",
            "{\"description\":\"Delegated work\",\"prompt\":\"go\","
                + "\"subagent_type\":\"general-purpose\",\"run_in_background\":false}",
            "{\"pattern\":\"p\"}");
  }

  @Test
  void scriptWithToolsEndsWithAWordWhenNoToolsAreOffered() throws Exception {
    JsonNode reply = client.withoutTools().user("[[text:a ]][[bash:ls]]").next();

    assertThat(ModelClient.text(reply))
        .isEqualTo("a (No tools were offered, so this script cannot go on.)");
    assertThat(reply.get("stop_reason").asText()).isEqualTo("end_turn");
  }

  @Test
  void requestForATitleGetsAnAnswerOfTheWantedForm() throws Exception {
    client.withoutTools().user("<session>\n[[hang]]\n</session>");
    var body = client.body(false);
    body.putObject("output_config")
        .set(
            "format",
            ModelClient.JSON.readTree(
                """
                {"type":"json_schema","schema":{"type":"object","required":["title"],
                 "properties":{"title":{"type":"string"}}}}
                """));
    JsonNode reply = ModelClient.JSON.readTree(client.post("/v1/messages", body.toString()).body());

    assertThat(ModelClient.text(reply)).isEqualTo("{\"title\":\"Scripted session\"}");
  }
}
