// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.requirement.TestMachine;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From the model's write of a delta to a client, through the real agent program. */
final class AgentDeltaLatency implements Bench.Measurement {
  @Override
  public String question() {
    return "How long does a delta take from the model's write, through the agent, to a client?";
  }

  @Override
  public Settings defaults() {
    return Settings.of(Map.of("runs", 5, "pieces", 500, "gapMs", 20, "local", 1, "docker", 1));
  }

  @Override
  public void run(Settings settings, Path folder, PrintStream out) throws Exception {
    String prompt = "Count. [[slow:" + settings.get("pieces") + "," + settings.get("gapMs") + "]]";
    try (ScriptedModel model = ScriptedModel.start(ScriptedModelOptions.defaults());
        ModelProxy proxy = new ModelProxy(model.baseUri().getPort())) {
      URI address = URI.create("http://127.0.0.1:" + proxy.port());
      List<Figures> bare = new ArrayList<>();
      try (BareProgram program = BareProgram.start(TestMachine.claude(), address, folder, "")) {
        for (int run = -1; run < settings.get("runs"); run++) {
          Figures millis = new Figures();
          proxy.clear();
          program.say(prompt);
          program.readTurn(
              line -> {
                if (line.contains("text_delta")) {
                  proxy.addLatencies(line, millis);
                }
              });
          keep(bare, millis, run);
        }
      }
      say(out, "bare", bare);
      for (String sandbox : new String[] {"local", "docker"}) {
        if (settings.get(sandbox) > 0) {
          say(out, sandbox, through(sandbox, proxy, prompt, settings.get("runs"), folder));
        }
      }
    }
  }

  private static List<Figures> through(
      String sandbox, ModelProxy proxy, String prompt, int runs, Path folder) throws Exception {
    List<Figures> all = new ArrayList<>();
    TurnWatch watch = new TurnWatch();
    try (AgentServer server =
            AgentServer.start(sandbox, proxy.port(), folder.resolve("data-" + sandbox));
        SocketIoClient client = server.connect(watch)) {
      String session = server.rest().create(TurnOverhead.ARCHITECTURE);
      client.join(session);
      for (int run = -1; run < runs; run++) {
        Figures millis = new Figures();
        proxy.clear();
        watch.begin(
            event -> {
              if (event.startsWith("[\"session:block:delta\"")) {
                proxy.addLatencies(event, millis);
              }
            });
        server.rest().send(session, prompt);
        watch.awaitEnd();
        keep(all, millis, run);
      }
    }
    return all;
  }

  private static void keep(List<Figures> all, Figures millis, int run) {
    if (run >= 0) {
      all.add(millis);
    }
  }

  private static void say(PrintStream out, String what, List<Figures> runs) {
    out.printf(
        "%-7s %.0f deltas a run, ms: p50 %s  p99 %s  max %s%n",
        what,
        Figures.of(runs, Figures::count).median(),
        Figures.of(runs, run -> run.percentile(50)).spread(),
        Figures.of(runs, run -> run.percentile(99)).spread(),
        Figures.of(runs, Figures::max).spread());
  }
}
