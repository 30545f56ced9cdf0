// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.scriptedmodel.wire.RecordedRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The server around the scripts: addresses, keys, side requests, the record, start and stop. */
class ScriptedModelTest {

  private static final ScriptedModelOptions OPTIONS = ScriptedModelOptions.defaults();

  private static HttpResponse<String> get(HttpClient http, String method, String uri)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(uri))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void rootAnswersGetAndHead() throws Exception {
    try (ScriptedModel model = ScriptedModel.start(OPTIONS);
        HttpClient http = HttpClient.newHttpClient()) {
      assertThat(get(http, "HEAD", model.baseUri() + "/").statusCode()).isEqualTo(200);
      assertThat(get(http, "GET", model.baseUri() + "/").body()).contains("scripted-model");
      assertThat(get(http, "GET", model.baseUri() + "/v1/models").body()).contains("scripted");
      assertThat(get(http, "GET", model.baseUri() + "/v1/messages").statusCode()).isEqualTo(405);
      assertThat(get(http, "GET", model.baseUri() + "/other").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void pathTokenIsPartOfTheBaseUriAndNothingAnswersWithoutIt() throws Exception {
    try (ScriptedModel model = ScriptedModel.start(OPTIONS.withPathToken("s3cret"));
        HttpClient http = HttpClient.newHttpClient();
        ModelClient client = new ModelClient(model.baseUri())) {
      assertThat(model.baseUri().getPath()).isEqualTo("/t/s3cret");
      assertThat(ModelClient.text(client.user("[[text:in]]").next())).isEqualTo("in");
      for (String path : new String[] {"/", "/v1/models", "/t/other/", "/t/s3cretly/", "/t/s3"}) {
        assertThat(get(http, "GET", model.baseUri().resolve(path).toString()).statusCode())
            .as(path)
            .isEqualTo(404);
      }
    }
  }

  @Test
  void keyIsAskedForWhereOneIsSet() throws Exception {
    try (ScriptedModel model = ScriptedModel.start(OPTIONS.withApiKey("right"));
        ModelClient right = new ModelClient(model.baseUri()).withKey("right");
        ModelClient wrong = new ModelClient(model.baseUri()).withKey("wrong")) {
      assertThat(right.user("[[text:in]]").ask(false).statusCode()).isEqualTo(200);
      HttpResponse<String> refused = wrong.user("[[text:in]]").ask(false);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body()).contains("authentication_error").doesNotContain("right");
      assertThat(model.requests()).hasSize(1);
    }
  }

  @Test
  void bearerTokenIsAKeyToo() throws Exception {
    try (ScriptedModel model = ScriptedModel.start(OPTIONS.withApiKey("right"));
        HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(model.baseUri() + "/v1/models"))
              .header("authorization", "Bearer right")
              .build();
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void tokensAreCountedWithoutAMessage() throws Exception {
    try (ScriptedModel model = ScriptedModel.start(OPTIONS);
        ModelClient client = new ModelClient(model.baseUri())) {
      String body = client.user("[[fault:500]]" + "x".repeat(4000)).body(false).toString();
      JsonNode count =
          ModelClient.JSON.readTree(client.post("/v1/messages/count_tokens", body).body());

      assertThat(count.get("input_tokens").asInt()).isBetween(1000, 1200);
      assertThat(model.requests()).isEmpty();
    }
  }

  @Test
  void malformedRequestsAreRefusedInTheFormOfTheApi() throws Exception {
    try (ScriptedModel model = ScriptedModel.start(OPTIONS);
        ModelClient client = new ModelClient(model.baseUri())) {
      for (String body :
          new String[] {
            "",
            "no json",
            "[]",
            "{}",
            "{\"model\":\"m\"}",
            "{\"model\":\"m\",\"messages\":[]}",
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\","
                + "\"source\":{\"data\":\"*\"}}]}]}"
          }) {
        HttpResponse<String> response = client.post("/v1/messages", body);
        assertThat(response.statusCode()).as(body).isEqualTo(400);
        assertThat(response.body()).as(body).contains("invalid_request_error");
      }
    }
  }

  @Test
  void requestOverTheLimitIsRefusedInTheFormOfTheApi() throws Exception {
    try (ScriptedModel model = ScriptedModel.start(OPTIONS.withLimits(1000, 10, 10));
        ModelClient client = new ModelClient(model.baseUri())) {
      HttpResponse<String> response = client.user("x".repeat(2000)).ask(true);

      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(response.body()).contains("request_too_large");
    }
  }

  @Test
  void oneTextMayFillTheWholeRequest() throws Exception {
    try (ScriptedModel model = ScriptedModel.start(OPTIONS);
        ModelClient client = new ModelClient(model.baseUri())) {
      client.user("x".repeat(30_000_000)).user("[[text:still here]]");

      assertThat(client.ask(false).body()).contains("still here");
    }
  }

  @Test
  void recordTellsWhatWasAskedButNotTheKey() throws Exception {
    try (ScriptedModel model = ScriptedModel.start(OPTIONS.withLimits(100_000, 10, 2));
        ModelClient client = new ModelClient(model.baseUri()).withKey("canary-key")) {
      client.message("system", "\"Be kind.\"").user("one").next();
      client.user("two").next();
      client.user("three").next();

      assertThat(model.requests()).hasSize(2);
      RecordedRequest last = model.requests().getLast();
      assertThat(last.wireFormat()).isEqualTo("anthropic");
      assertThat(last.model()).isEqualTo("test-model");
      assertThat(last.system()).contains("Be kind.");
      assertThat(last.tools()).contains("Bash");
      assertThat(last.messages().toString()).contains("three");
      assertThat(last.apiKeySha256()).isPresent();
      assertThat(last.toString()).doesNotContain("canary-key");
    }
  }

  @Test
  void optionsShowNoSecretsAndRefuseNonsense() {
    assertThat(OPTIONS.withApiKey("canary-key").withPathToken("canary-token").toString())
        .doesNotContain("canary");
    assertThatThrownBy(() -> OPTIONS.withPathToken("a/b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("a/b");
    assertThatThrownBy(() -> OPTIONS.withPort(70_000)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> OPTIONS.withWorkingDirectory("relative"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void scenarioOfTheOptionsCanBePlayed() throws Exception {
    try (ScriptedModel model = ScriptedModel.start(OPTIONS.withScenario("mine", "[[text:yes]]"));
        ModelClient client = new ModelClient(model.baseUri())) {
      assertThat(ModelClient.text(client.user("[[scenario:mine]]").next())).isEqualTo("yes");
    }
  }

  @Test
  void takenPortIsNamed() throws Exception {
    try (ScriptedModel model = ScriptedModel.start(OPTIONS)) {
      int port = model.baseUri().getPort();
      assertThatThrownBy(() -> ScriptedModel.start(OPTIONS.withPort(port)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(":" + port);
    }
  }

  @Test
  void closingEndsAHangingAnswer() throws Exception {
    ScriptedModel model = ScriptedModel.start(OPTIONS);
    try (ModelClient client = new ModelClient(model.baseUri())) {
      client.user("[[text:now]][[hang]]");
      CompletableFuture<HttpResponse<java.io.InputStream>> head =
          client
              .http()
              .sendAsync(
                  client
                      .request("/v1/messages")
                      .POST(HttpRequest.BodyPublishers.ofString(client.body(true).toString()))
                      .build(),
                  HttpResponse.BodyHandlers.ofInputStream());
      java.io.InputStream body = head.get(60, TimeUnit.SECONDS).body();
      assertThat(body.read()).isNotNegative();

      model.close();
      model.close();

      assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
    }
  }

  @Test
  void hangingRequestAnswersNothingAtAll() throws Exception {
    ScriptedModel model = ScriptedModel.start(OPTIONS);
    try (ModelClient client = new ModelClient(model.baseUri())) {
      client.user("[[hang]]");
      CompletableFuture<HttpResponse<String>> answer =
          client
              .http()
              .sendAsync(
                  client
                      .request("/v1/messages")
                      .POST(HttpRequest.BodyPublishers.ofString(client.body(true).toString()))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThatThrownBy(() -> answer.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);

      model.close();

      assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class);
    }
  }
}
