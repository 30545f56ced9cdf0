// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same scripts and faults, in the OpenAI API's form. */
@Timeout(180)
class OpenAiWireTest {

  private ScriptedModel model;
  private OpenAiClient client;

  @BeforeEach
  void start() throws IOException {
    model = ScriptedModel.start(ScriptedModelOptions.defaults().withPathToken("o"));
    client = new OpenAiClient(model.baseUri());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    model.close();
  }

  @Test
  void thoughtsTextsAndCallsComeInOrderAndTheLastEventCounts() throws Exception {
    List<JsonNode> events =
        client.user("[[think:Hm]][[text:Hello there, you]][[write a.txt|hi]]").stream();

    List<String> deltas =
        events.stream().map(event -> event.at("/choices/0/delta").toString()).toList();
    assertThat(deltas)
        .startsWith(
            "{\"role\":\"assistant\",\"content\":\"\"}",
            "{\"reasoning_content\":\"Hm\"}",
            "{\"content\":\"Hello there,\"}",
            "{\"content\":\" you\"}");
    JsonNode call = events.get(4).at("/choices/0/delta/tool_calls/0");
    assertThat(call.at("/function/name").asText()).isEqualTo("write");
    assertThat(call.at("/function/arguments").asText()).isEmpty();
    assertThat(deltas.get(5)).contains("\"index\":0").contains("{\\\"filePath\\\"");
    assertThat(events.get(events.size() - 2).at("/choices/0/finish_reason").asText())
        .isEqualTo("tool_calls");
    JsonNode usage = events.getLast().path("usage");
    assertThat(usage.at("/completion_tokens_details/reasoning_tokens").asInt()).isEqualTo(1);
    assertThat(usage.path("total_tokens").asInt()).isGreaterThan(20);
  }

  @Test
  void aStreamEndsWithItsMarkAndSaysWhatItTookOnlyWhenAsked() throws Exception {
    ObjectNode body = client.user("[[text:Hello]]").streamingBody();
    body.remove("stream_options");
    assertThat(client.post(body).body())
        .endsWith("\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
        .doesNotContain("usage");
  }

  @Test
  void theScriptGoesOnBehindTheResultsOfItsCalls() throws Exception {
    client.message("system", "Be brief");
    JsonNode first =
        client.user("[[bash:echo a]][[and]][[read:b]][[text:It said ]][[result]]").next();
    assertThat(first.at("/tool_calls/0/function/arguments").asText()).contains("echo a");
    assertThat(first.at("/tool_calls/1/function/arguments").asText())
        .isEqualTo("{\"filePath\":\"b\"}");
    assertThat(client.results(first, "forty-two").next().path("content").asText())
        .isEqualTo("It said forty-two");
    assertThat(client.user("[[recall]][[find:Be brief]]").next().path("content").asText())
        .contains("[[bash:echo a]]")
        .contains("\nFound: Be brief");
  }

  @Test
  void theSameConversationGivesTheSameStream() throws Exception {
    String first = client.user("[[bash:true]]").stream().toString();
    try (ScriptedModel other = ScriptedModel.start(ScriptedModelOptions.defaults());
        OpenAiClient again = new OpenAiClient(other.baseUri())) {
      assertThat(again.user("[[bash:true]]").stream().toString()).isEqualTo(first);
    }
  }

  @Test
  void aWholeAnswerHoldsThoughtsTextAndCalls() throws Exception {
    client.user("[[think:Hm]][[text:Hello]][[bash:true]]");
    JsonNode answer = ModelClient.JSON.readTree(client.post(client.body()).body());
    JsonNode message = answer.at("/choices/0/message");
    assertThat(message.path("reasoning_content").asText()).isEqualTo("Hm");
    assertThat(message.path("content").asText()).isEqualTo("Hello");
    assertThat(message.at("/tool_calls/0/function/name").asText()).isEqualTo("bash");
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isPositive();
  }

  @Test
  void aFullAnswerSaysSoInThisVendorsWord() throws Exception {
    client.user("[[text:Half]][[stop:max_tokens]]");
    JsonNode answer = ModelClient.JSON.readTree(client.post(client.body()).body());
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
  }

  @Test
  void anAnswerOfAGivenFormFitsItsSchema() throws Exception {
    ObjectNode body = client.user("[[text:Hello]]").body();
    body.remove("tools");
    body.putObject("response_format")
        .put("type", "json_schema")
        .putObject("json_schema")
        .set(
            "schema",
            ModelClient.JSON.readTree(
                "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"boolean\"}}}"));
    JsonNode answer = ModelClient.JSON.readTree(client.post(body).body());
    assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("{\"a\":false}");
  }

  @Test
  void aTitleIsNoPartOfTheScriptAndTakesNoShareOfItsFaults() throws Exception {
    String prompt = "[[fault:503x1]][[text:fine]]";
    try (OpenAiClient title = new OpenAiClient(model.baseUri())) {
      title.user("Generate a title for this conversation:\n").user(prompt);
      ObjectNode body = title.body();
      body.remove("tools");
      JsonNode answer = ModelClient.JSON.readTree(title.post(body).body());
      assertThat(answer.at("/choices/0/message/content").asText())
          .isEqualTo("A conversation with the scripted model.");
    }
    assertThat(client.user(prompt).post(client.body()).statusCode()).isEqualTo(503);
    assertThat(client.next().path("content").asText()).isEqualTo("fine");
  }

  @Test
  void whatTheProgramAddsToAPromptIsNotTheUsers() throws Exception {
    client.user("[[text:Hello]]").user("<system-reminder>[[text:not me]]</system-reminder>");
    assertThat(client.next().path("content").asText()).isEqualTo("Hello");
  }

  @Test
  void aMessageDuringAToolIsNotedAndTheScriptGoesOn() throws Exception {
    JsonNode first = client.user("[[bash:sleep 9]][[text:end]]").next();
    client.results(first, "done").user("mind the gap");
    assertThat(client.next().path("content").asText()).isEqualTo("Noted: mind the gap\nend");
  }

  @Test
  void whatFollowsAStoppedToolIsANewPrompt() throws Exception {
    JsonNode first = client.user("[[bash:sleep 9]][[text:end]]").next();
    client.results(first, "a\n\n<shell_metadata>\nUser aborted the command\n</shell_metadata>");
    assertThat(client.user("Hello?").next().path("content").asText())
        .startsWith("This is the scripted model");
  }

  @Test
  void faultsHaveTheVendorsForm() throws Exception {
    HttpResponse<String> limited = client.user("[[fault:429x1]][[text:ok]]").post(client.body());
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("retry-after")).hasValue("1");
    JsonNode error = ModelClient.JSON.readTree(limited.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo("rate_limit_exceeded");
    assertThat(error.path("message").asText()).isNotEmpty();
    assertThat(client.next().path("content").asText()).isEqualTo("ok");
  }

  @Test
  void aFaultBehindATextIsAnEventOfTheStream() throws Exception {
    List<JsonNode> events = client.user("[[text:Half]][[fault:500]]").stream();
    assertThat(events.get(1).at("/choices/0/delta/content").asText()).isEqualTo("Half");
    assertThat(events.getLast().at("/error/type").asText()).isEqualTo("server_error");
  }

  @Test
  void aCutBreaksTheConnection() {
    client.user("[[text:Half]][[cut]]");
    assertThatThrownBy(client::stream).isInstanceOf(IOException.class);
  }

  @Test
  void anImageIsSeen() throws Exception {
    client.image("[[look]]", "data:image/png;base64,AAAA");
    assertThat(client.next().path("content").asText()).contains("image image/png, 3 bytes");
  }

  @Test
  void anImageElsewhereIsRefused() throws Exception {
    HttpResponse<String> response =
        client.image("[[look]]", "https://example.com/a.png").post(client.body());
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("image");
  }

  @Test
  void requestsAreRecordedWithoutTheirKey() throws Exception {
    client.user("[[text:Hello]]").stream();
    assertThat(model.requests())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.wireFormat()).isEqualTo("openai");
              assertThat(request.model()).isEqualTo("test-model");
              assertThat(request.session()).isEqualTo("ses_1");
              assertThat(request.tools()).contains("task");
              assertThat(request.messages()).hasSize(1);
              assertThat(request.apiKeySha256()).isPresent();
              assertThat(request.toString() + request.body()).doesNotContain("test-key");
            });
  }

  @Test
  void aWrongKeyIsRefusedInTheVendorsForm() throws Exception {
    try (ScriptedModel locked =
            ScriptedModel.start(ScriptedModelOptions.defaults().withApiKey("another"));
        OpenAiClient stranger = new OpenAiClient(locked.baseUri())) {
      HttpResponse<String> response = stranger.user("[[text:Hello]]").post(stranger.body());
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.body()).contains("invalid_api_key");
    }
  }

  @Test
  void theListOfModelsIsThatOfWhoAsks() throws Exception {
    JsonNode models = ModelClient.JSON.readTree(client.models().body());
    assertThat(models.path("object").asText()).isEqualTo("list");
    assertThat(models.at("/data/0/id").asText()).isEqualTo("scripted");
  }

  @Test
  void aMistakeInAScriptIsSaid() throws Exception {
    HttpResponse<String> response = client.post(client.user("[[write]]").body());
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("invalid_request_error").contains("path");
  }
}
