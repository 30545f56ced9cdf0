// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The event stream, down to its bytes. */
class EventStreamTest {

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
  void streamOfAMessageWithThinkingTextAndToolIsTheGoldenOne() throws Exception {
    client.user(
        "[[think:Grüße 😀 bedenken]][[text:Ich schreibe „naïve“ 👩‍💻.]][[write a/b.txt|größe=1\\n"
            + "]]");

    HttpResponse<String> response = client.ask(true);

    assertThat(response.headers().firstValue("content-type"))
        .hasValue("text/event-stream; charset=utf-8");
    assertThat(response.body()).isEqualTo(golden("thinking-text-tool.sse"));
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = EventStreamTest.class.getResourceAsStream("/golden/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void deltasTogetherAreTheWholeInputOfTheTool() throws Exception {
    String content = "Zeile 😀 \" \\ \t\u0001 ende";
    client.message(
        "user",
        ModelClient.JSON
            .createArrayNode()
            .add(
                ModelClient.JSON
                    .createObjectNode()
                    .put("type", "text")
                    .put("text", "[[pace:1,0]][[write a|" + content.replace("\\", "\\\\") + "]]"))
            .toString());

    StringBuilder input = new StringBuilder();
    for (JsonNode event : ModelClient.events(client.ask(true).body())) {
      input.append(event.at("/delta/partial_json").asText(""));
    }

    assertThat(ModelClient.JSON.readTree(input.toString()).get("content").asText())
        .isEqualTo(content);
  }

  @Test
  void noDeltaSplitsACharacter() throws Exception {
    client.user("[[pace:1,0]][[text:a😀é👩‍💻]]");

    List<String> deltas = new ArrayList<>();
    for (JsonNode event : ModelClient.events(client.ask(true).body())) {
      if (event.at("/delta/type").asText().equals("text_delta")) {
        deltas.add(event.at("/delta/text").asText());
      }
    }

    assertThat(deltas).containsExactly("a", "😀", "é", "👩", "\u200d", "💻");
  }

  @Test
  void wholeMessageAndStreamSayTheSame() throws Exception {
    client.user("[[think:a]][[text:b]][[end]][[text:c]][[bash:d]][[and]][[bash:e]]");
    JsonNode whole = ModelClient.JSON.readTree(client.ask(false).body()).get("content");
    List<JsonNode> starts = new ArrayList<>();
    for (JsonNode event : ModelClient.events(client.ask(true).body())) {
      if (event.get("type").asText().equals("content_block_start")) {
        starts.add(event.get("content_block"));
      }
    }

    assertThat(starts)
        .extracting(block -> block.get("type").asText())
        .containsExactlyElementsOf(whole.findValuesAsText("type"));
  }

  @Test
  void usageGrowsWithWhatWasSaidAndWritten() throws Exception {
    JsonNode small = client.user("[[text:1234]]").next();
    JsonNode large = client.user("[[repeat:100|1234]]" + " padding".repeat(100)).next();

    assertThat(small.at("/usage/output_tokens").asInt()).isEqualTo(1);
    assertThat(small.at("/usage/cache_creation_input_tokens").asInt()).isPositive();
    assertThat(large.at("/usage/output_tokens").asInt()).isEqualTo(100);
    assertThat(large.at("/usage/cache_read_input_tokens").asInt()).isPositive();
    assertThat(large.at("/usage/input_tokens").asInt())
        .isGreaterThan(small.at("/usage/input_tokens").asInt());
  }

  @Test
  void slowTextArrivesPieceByPiece() throws Exception {
    client.user("[[slow:5,40]]");
    List<Duration> arrivals = new ArrayList<>();
    long begin = System.nanoTime();
    try (BufferedReader lines = open()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains("text_delta")) {
          arrivals.add(Duration.ofNanos(System.nanoTime() - begin));
        }
      }
    }

    // A reader may be late, but none is early.
    assertThat(arrivals).hasSize(5);
    for (int i = 0; i < arrivals.size(); i++) {
      assertThat(arrivals.get(i)).isGreaterThanOrEqualTo(Duration.ofMillis(40L * (i + 1)));
    }
  }

  private BufferedReader open() throws IOException, InterruptedException {
    HttpRequest request =
        client
            .request("/v1/messages")
            .POST(HttpRequest.BodyPublishers.ofString(client.body(true).toString()))
            .build();
    InputStream body =
        client.http().send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
    return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }
}
