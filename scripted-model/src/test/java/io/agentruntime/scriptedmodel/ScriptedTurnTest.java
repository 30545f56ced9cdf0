package io.agentruntime.scriptedmodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
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
    assertThat(first.findValuesAsText("type")).containsSubsequence("thinking", "text", "tool_use");
    assertThat(first.at("/content/2/name").asText()).isEqualTo("Write");
    assertThat(first.at("/content/2/input/file_path").asText()).isEqualTo("/workspace/hello.sh");
    assertThat(first.get("stop_reason").asText()).isEqualTo("tool_use");

    JsonNode second = client.results(first, "written").next();
    assertThat(second.at("/content/0/name").asText()).isEqualTo("Bash");

    JsonNode third = client.results(second, "Hello!").next();
    assertThat(ModelClient.text(third)).endsWith("printed:\n\nHello!");
    assertThat(third.get("stop_reason").asText()).isEqualTo("end_turn");
  }
}
