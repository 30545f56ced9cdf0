// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same scripts and faults, in the Gemini API's form. */
@Timeout(180)
class GeminiWireTest {

  private ScriptedModel model;
  private GeminiClient client;

  @BeforeEach
  void start() throws IOException {
    model = ScriptedModel.start(ScriptedModelOptions.defaults().withPathToken("g"));
    client = new GeminiClient(model.baseUri());
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

    assertThat(events.getFirst().at("/candidates/0/content/parts/0").toString())
        .isEqualTo("{\"text\":\"Hm\",\"thought\":true}");
    assertThat(events.get(1).at("/candidates/0/content/parts/0/text").asText())
        .isEqualTo("Hello there,");
    JsonNode call = events.get(3).at("/candidates/0/content/parts/0/functionCall");
    assertThat(call.path("name").asText()).isEqualTo("write_file");
    assertThat(call.path("args").toString())
        .isEqualTo("{\"file_path\":\"a.txt\",\"content\":\"hi\"}");
    JsonNode last = events.getLast();
    assertThat(last.at("/candidates/0/finishReason").asText()).isEqualTo("STOP");
    assertThat(last.at("/usageMetadata/thoughtsTokenCount").asInt()).isEqualTo(1);
    assertThat(last.at("/usageMetadata/totalTokenCount").asInt()).isGreaterThan(20);
  }

  @Test
  void theScriptGoesOnBehindTheResultsOfItsCalls() throws Exception {
    client.user("<session_context>\n[[text:not me]]\n</session_context>");
    List<JsonNode> first =
        client.user("[[bash:echo a]][[and]][[read:b]][[text:It said ]][[result]]").next();
    assertThat(first).filteredOn(part -> part.has("functionCall")).hasSize(2);
    assertThat(GeminiClient.text(client.results(first, "forty-two").next()))
        .isEqualTo("It said forty-two");
    assertThat(GeminiClient.text(client.user("[[recall]]").next())).contains("[[bash:echo a]]");
  }

  @Test
  void theSameConversationGivesTheSameIds() throws Exception {
    String first = client.user("[[bash:true]]").stream().toString();
    try (ScriptedModel other = ScriptedModel.start(ScriptedModelOptions.defaults());
        GeminiClient again = new GeminiClient(other.baseUri())) {
      assertThat(again.user("[[bash:true]]").stream().toString()).isEqualTo(first);
    }
  }

  @Test
  void aWholeAnswerHoldsAllParts() throws Exception {
    client.user("[[think:Hm]][[text:Hello]]");
    HttpResponse<String> response = client.post("generateContent", client.body());
    JsonNode answer = ModelClient.JSON.readTree(response.body());
    assertThat(answer.at("/candidates/0/content/parts")).hasSize(2);
    assertThat(answer.at("/candidates/0/content/parts/1/text").asText()).isEqualTo("Hello");
  }

  @Test
  void anAnswerOfAGivenFormFitsItsSchema() throws Exception {
    ObjectNode body = client.user("[[text:Hello]]").body();
    body.remove("tools");
    body.putObject("generationConfig")
        .set(
            "responseSchema",
            ModelClient.JSON.readTree(
                "{\"type\":\"OBJECT\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"BOOLEAN\"}}}"));
    JsonNode answer = ModelClient.JSON.readTree(client.post("generateContent", body).body());
    assertThat(answer.at("/candidates/0/content/parts/0/text").asText()).isEqualTo("{\"a\":false}");
  }

  @Test
  void tokensAreCounted() throws Exception {
    HttpResponse<String> response = client.post("countTokens", client.user("Hello").body());
    assertThat(ModelClient.JSON.readTree(response.body()).path("totalTokens").asInt()).isPositive();
  }

  @Test
  void faultsHaveTheVendorsForm() throws Exception {
    HttpResponse<String> refused =
        client.post(
            "streamGenerateContent?alt=sse", client.user("[[fault:503x1]][[text:fine]]").body());
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(ModelClient.JSON.readTree(refused.body()).at("/error/status").asText())
        .isEqualTo("UNAVAILABLE");
    assertThat(GeminiClient.text(client.next())).isEqualTo("fine");
  }

  @Test
  void aFaultBehindATextIsAnEventOfTheStream() throws Exception {
    List<JsonNode> events = client.user("[[text:Half]][[fault:500]]").stream();
    assertThat(events.getFirst().at("/candidates/0/content/parts/0/text").asText())
        .isEqualTo("Half");
    assertThat(events.getLast().at("/error/code").asInt()).isEqualTo(500);
  }

  @Test
  void aCutBreaksTheConnection() {
    client.user("[[text:Half]][[cut]]");
    assertThatThrownBy(client::stream).isInstanceOf(IOException.class);
  }

  @Test
  void anImageIsSeen() throws Exception {
    client.user("[[look]]").part("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}}");
    assertThat(GeminiClient.text(client.next())).contains("image image/png, 3 bytes");
  }

  @Test
  void aSubagentHandsItsAnswerOver() throws Exception {
    ObjectNode body = client.user("[[text:All ]][[text:done]]").body();
    ((ArrayNode) body.at("/tools/0/functionDeclarations")).addObject().put("name", "complete_task");
    JsonNode answer = ModelClient.JSON.readTree(client.post("generateContent", body).body());
    assertThat(answer.at("/candidates/0/content/parts").toString())
        .contains("\"name\":\"complete_task\",\"args\":{\"result\":\"All done\"}");
  }

  @Test
  void requestsAreRecordedWithoutTheirKey() throws Exception {
    client.user("[[text:Hello]]").stream();
    assertThat(model.requests())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.wireFormat()).isEqualTo("gemini");
              assertThat(request.model()).isEqualTo("test-model");
              assertThat(request.tools()).contains("invoke_agent");
              assertThat(request.messages()).hasSize(1);
              assertThat(request.apiKeySha256()).isPresent();
              assertThat(request.toString() + request.body()).doesNotContain("test-key");
            });
  }

  @Test
  void aWrongKeyIsRefusedInTheVendorsForm() throws Exception {
    try (ScriptedModel locked =
            ScriptedModel.start(ScriptedModelOptions.defaults().withApiKey("another"));
        GeminiClient stranger = new GeminiClient(locked.baseUri())) {
      HttpResponse<String> response =
          stranger.post("generateContent", stranger.user("[[text:Hello]]").body());
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.body()).contains("UNAUTHENTICATED");
    }
  }

  @Test
  void aMistakeInAScriptIsSaid() throws Exception {
    HttpResponse<String> response = client.post("generateContent", client.user("[[write]]").body());
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("INVALID_ARGUMENT").contains("path");
  }
}
