// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.requirement.TestMachine;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the server adds to a turn of the bare agent program. */
final class TurnOverhead implements Bench.Measurement {
  static final String ARCHITECTURE = "claude-agent-sdk";
  private static final String PROMPT = "Say hello. [[text:Hello there, how are you?]]";

  @Override
  public String question() {
    return "How much longer is a turn through the server than with the bare agent program?";
  }

  @Override
  public Settings defaults() {
    return Settings.of(Map.of("runs", 10, "local", 1, "docker", 1));
  }

  /** Times from the beginning, in milliseconds. */
  private static final class Times {
    final Figures coldFirst = new Figures();
    final Figures coldEnd = new Figures();
    final Figures warmFirst = new Figures();
    final Figures warmEnd = new Figures();

    void say(PrintStream out, String what) {
      out.printf(
          "%-7s first turn: first delta %s, end %s%n"
              + "        second turn: first delta %s, end %s%n",
          what, coldFirst.spread(), coldEnd.spread(), warmFirst.spread(), warmEnd.spread());
    }
  }

  /** A server with sandboxes of one kind. */
  private record Subject(String sandbox, AgentServer server, Times times) {}

  @Override
  public void run(Settings settings, Path folder, PrintStream out) throws Exception {
    Path program = TestMachine.claude();
    if (!Files.isExecutable(program)) {
      throw new IOException(program + " is not installed; run build/agent-program claude");
    }
    Times bare = new Times();
    List<Subject> subjects = new ArrayList<>();
    try (ScriptedModel model =
        ScriptedModel.start(ScriptedModelOptions.defaults().withBind("0.0.0.0"))) {
      URI local = URI.create("http://127.0.0.1:" + model.baseUri().getPort());
      try {
        for (String sandbox : new String[] {"local", "docker"}) {
          if (settings.get(sandbox) > 0) {
            subjects.add(
                new Subject(
                    sandbox,
                    AgentServer.start(sandbox, local.getPort(), folder.resolve("data-" + sandbox)),
                    new Times()));
          }
        }
        for (int run = -1; run < settings.get("runs"); run++) {
          Times into = run < 0 ? new Times() : bare;
          once(program, local, folder, into);
          twice(program, local, folder, into);
          for (Subject subject : subjects) {
            session(subject.server(), run < 0 ? new Times() : subject.times());
          }
        }
      } finally {
        subjects.forEach(subject -> subject.server().close());
      }
    }
    bare.say(out, "bare");
    for (Subject subject : subjects) {
      subject.times().say(out, subject.sandbox());
      out.printf(
          "        more than bare, of medians: first turn %.0f ms, second turn %.0f ms%n",
          subject.times().coldEnd.median() - bare.coldEnd.median(),
          subject.times().warmEnd.median() - bare.warmEnd.median());
    }
  }

  /** The program with one prompt as its argument. */
  private static void once(Path program, URI model, Path folder, Times times) throws IOException {
    Clock clock = new Clock("text_delta");
    try (BareProgram bare = BareProgram.start(program, model, folder, PROMPT)) {
      bare.readTurn(clock::saw);
    }
    clock.end(times.coldFirst, times.coldEnd);
  }

  /** The program with two prompts over its standard input; the second one counts. */
  private static void twice(Path program, URI model, Path folder, Times times) throws IOException {
    try (BareProgram bare = BareProgram.start(program, model, folder, "")) {
      bare.say(PROMPT);
      bare.readTurn(line -> {});
      Clock clock = new Clock("text_delta");
      bare.say(PROMPT);
      bare.readTurn(clock::saw);
      clock.end(times.warmFirst, times.warmEnd);
    }
  }

  private static void session(AgentServer server, Times times) throws Exception {
    RestClient rest = server.rest();
    String session = rest.create(ARCHITECTURE);
    TurnWatch watch = new TurnWatch();
    try (SocketIoClient client = server.connect(watch)) {
      client.join(session);
      for (int turn = 0; turn < 2; turn++) {
        Clock clock = new Clock("[\"session:block:delta\"");
        watch.begin(clock::saw);
        rest.send(session, PROMPT);
        watch.awaitEnd();
        clock.end(
            turn == 0 ? times.coldFirst : times.warmFirst,
            turn == 0 ? times.coldEnd : times.warmEnd);
      }
    }
    rest.unload(session);
  }

  /** From its making to the first sight of something, and to the end. */
  private static final class Clock {
    private final long start = System.nanoTime();
    private final String wanted;
    private long first;
    private long last;

    Clock(String wanted) {
      this.wanted = wanted;
    }

    void saw(String line) {
      last = System.nanoTime();
      if (first == 0 && line.contains(wanted)) {
        first = last;
      }
    }

    void end(Figures toFirst, Figures toEnd) {
      toFirst.add((first - start) / 1e6);
      toEnd.add((last - start) / 1e6);
    }
  }
}
