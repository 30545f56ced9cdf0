// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many streams at once; how fast they are is printed, as it depends on the machine. */
@Timeout(180)
class LoadTest {

  private static final int STREAMS = 50;

  @Test
  void fiftyStreamsTogetherGiveEveryDelta() throws Exception {
    int deltas = 2000;
    try (ScriptedModel model = ScriptedModel.start(ScriptedModelOptions.defaults());
        ModelClient client = new ModelClient(model.baseUri())) {
      client.user("[[slow:" + deltas + ",0]]");
      long begin = System.nanoTime();
      List<Long> counts = all(client);
      double seconds = (System.nanoTime() - begin) / 1e9;

      assertThat(counts).hasSize(STREAMS).allMatch(count -> count == deltas);
      double rate = STREAMS * deltas / seconds;
      System.out.printf("%.0f deltas per second over %d streams%n", rate, STREAMS);
    }
  }

  @Test
  void slowStreamsRunSideBySideWithoutPlatformThreads() throws Exception {
    try (ScriptedModel model = ScriptedModel.start(ScriptedModelOptions.defaults());
        ModelClient client = new ModelClient(model.baseUri())) {
      client.user("[[slow:20,100]]");
      long begin = System.nanoTime();
      List<Long> counts = all(client);
      Duration duration = Duration.ofNanos(System.nanoTime() - begin);

      assertThat(counts).hasSize(STREAMS).allMatch(count -> count == 20);
      // One after the other, or on as many threads as this machine has cores, it would be 100 s.
      assertThat(duration).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(60));
    }
  }

  private static List<Long> all(ModelClient client)
      throws IOException, InterruptedException, Exception {
    HttpRequest request =
        client
            .request("/v1/messages")
            .timeout(Duration.ofSeconds(100))
            .POST(HttpRequest.BodyPublishers.ofString(client.body(true).toString()))
            .build();
    List<CompletableFuture<Long>> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      streams.add(
          client
              .http()
              .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
              .thenApplyAsync(
                  response -> response.body().filter(line -> line.contains("text_delta")).count(),
                  task -> Thread.ofVirtual().start(task)));
    }
    List<Long> counts = new ArrayList<>();
    for (CompletableFuture<Long> stream : streams) {
      counts.add(stream.get(100, TimeUnit.SECONDS));
    }
    return counts;
  }
}
