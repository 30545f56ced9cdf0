// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Failures that a script asks for. */
class FaultTest {

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

  @ParameterizedTest
  @CsvSource({
    "400, invalid_request_error",
    "401, authentication_error",
    "402, billing_error",
    "403, permission_error",
    "404, not_found_error",
    "413, request_too_large",
    "429, rate_limit_error",
    "500, api_error",
    "503, api_error",
    "504, timeout_error",
    "529, overloaded_error",
  })
  void faultHasTheStatusAndTheBodyOfTheRealApi(int status, String type) throws Exception {
    HttpResponse<String> response = client.user("[[fault:" + status + "]]").ask(true);

    assertThat(response.statusCode()).isEqualTo(status);
    JsonNode body = ModelClient.JSON.readTree(response.body());
    assertThat(body.get("type").asText()).isEqualTo("error");
    assertThat(body.at("/error/type").asText()).isEqualTo(type);
    assertThat(body.at("/error/message").asText()).isNotBlank();
    assertThat(response.headers().firstValue("request-id"))
        .hasValue(body.get("request_id").asText());
    assertThat(response.headers().firstValue("retry-after").isPresent()).isEqualTo(status == 429);
  }

  @Test
  void faultWithACountPassesAfterwards() throws Exception {
    client.user("[[fault:529x2]][[fault:429x1]][[text:through]]");

    assertThat(client.ask(true).statusCode()).isEqualTo(529);
    assertThat(client.ask(true).statusCode()).isEqualTo(529);
    assertThat(client.ask(true).statusCode()).isEqualTo(429);
    assertThat(ModelClient.text(client.next())).isEqualTo("through");
  }

  @Test
  void faultsCountForEachSessionOnItsOwn() throws Exception {
    client.user("[[fault:529x1]][[text:through]]");
    String body = client.body(false).toString();

    for (String session : List.of("a", "b")) {
      assertThat(ask(session, body).statusCode()).isEqualTo(529);
      assertThat(ask(session, body).statusCode()).isEqualTo(200);
    }
  }

  private HttpResponse<String> ask(String session, String body) throws Exception {
    return client
        .http()
        .send(
            client
                .request("/v1/messages")
                .header("x-claude-code-session-id", session)
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void faultBehindATextComesAsAnEventInTheStream() throws Exception {
    HttpResponse<String> response = client.user("[[text:Hello]][[fault:529]]").ask(true);

    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode last = ModelClient.events(response.body()).getLast();
    assertThat(last.get("type").asText()).isEqualTo("error");
    assertThat(last.at("/error/type").asText()).isEqualTo("overloaded_error");
    assertThat(response.body()).contains("Hello").doesNotContain("message_stop");
  }

  @Test
  void faultBehindATextIsAStatusWhenNothingIsStreamed() throws Exception {
    assertThat(client.user("[[text:Hello]][[fault:529]]").ask(false).statusCode()).isEqualTo(529);
  }

  @Test
  void cutEndsTheConnectionInsideTheStream() throws Exception {
    client.user("[[text:Hello]][[cut]]");

    assertThatThrownBy(() -> client.ask(true)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> client.ask(false)).isInstanceOf(IOException.class);
  }

  @Test
  void restOfACutMessageFollowsWhenTheProgramAsksForIt() throws Exception {
    client.user("[[text:one,]][[end]][[cut:1]][[text:two]]");
    assertThatThrownBy(() -> client.ask(true)).isInstanceOf(IOException.class);

    client.message("assistant", "[{\"type\":\"text\",\"text\":\"one,\"}]");
    client.user("Your response above was cut off mid-stream. Resume.");
    assertThat(ModelClient.text(client.next())).isEqualTo("two");
  }

  @Test
  void cutMessageIsSaidInFullWhenTheProgramKeptNothing() throws Exception {
    client.user("[[text:one,]][[cut:1]][[text:two]]");
    assertThatThrownBy(() -> client.ask(true)).isInstanceOf(IOException.class);

    assertThat(ModelClient.text(client.next())).isEqualTo("one,two");
  }

  @Test
  void wrongTagIsARequestErrorThatNamesIt() throws Exception {
    HttpResponse<String> response = client.user("[[slow:fast]]").ask(true);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("invalid_request_error").contains("slow wants");
  }
}
