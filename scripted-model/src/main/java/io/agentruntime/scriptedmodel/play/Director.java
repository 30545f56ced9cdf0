package io.agentruntime.scriptedmodel.play;

import io.agentruntime.scriptedmodel.script.ScriptReader;
import io.agentruntime.scriptedmodel.script.Step;
import io.agentruntime.scriptedmodel.script.ToolCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides the next model message of a conversation. Thread-safe; keeps no conversation, only counts
 * how often the same request came (for faults that pass after a while).
 */
public final class Director {

  /** How texts are cut into deltas unless the script says otherwise. */
  public record Pacing(int codePoints, Duration gap) {}

  static final String WITHOUT_SCRIPT =
      "This is the scripted model: no language model stands behind it, and it answers from tags in"
          + " the prompt. Try [[scenario:demo]] or [[text:Hello]].";
  static final String AFTER_SCRIPT = "Done.";
  private static final int MAX_QUOTED = 20_000;

  private final ScriptReader reader;
  private final Pacing pacing;
  private final Attempts attempts = new Attempts();

  public Director(ScriptReader reader, Pacing pacing) {
    this.reader = reader;
    this.pacing = pacing;
  }

  /**
   * The next message.
   *
   * @throws io.agentruntime.scriptedmodel.script.ScriptException when the prompt's tags are wrong
   */
  public Reply reply(Conversation conversation, AgentTools tools) {
    Position position = Position.of(conversation.items(), reader);
    String where = where(conversation, position);
    int attempt = attempts.next(conversation.client() + '\n' + where);
    String key = Hashes.sha256(attempt == 0 ? where : where + '#' + attempt);
    return new Message(conversation, tools, attempt).build(key, position);
  }

  /** A text that differs exactly when the conversation stands elsewhere. */
  private static String where(Conversation conversation, Position position) {
    StringBuilder where = new StringBuilder();
    for (Item item : conversation.items()) {
      switch (item) {
        case Item.UserText user -> where.append("user ").append(user.text()).append('\n');
        case Item.UserImage image -> where.append("image ").append(image.sha256()).append('\n');
        case Item.ModelMessage model -> where.append("model ").append(model.callsTools());
        case Item.ToolResult result -> where.append("result\n");
        case Item.ProgramText program -> {
          // Reminders carry dates and folders, and come and go between two tries of one request.
        }
      }
    }
    return where.append(position.toolResults()).toString();
  }

  /** One message in the making. */
  private final class Message {

    private final Conversation conversation;
    private final AgentTools tools;
    private final int attempt;
    private final List<Beat> beats = new ArrayList<>();
    private Optional<String> stopReason = Optional.empty();
    private int codePoints = pacing.codePoints();
    private Duration gap = pacing.gap();
    private int faultsBefore;

    Message(Conversation conversation, AgentTools tools, int attempt) {
      this.conversation = conversation;
      this.tools = tools;
      this.attempt = attempt;
    }

    Reply build(String key, Position position) {
      if (!position.steering().isEmpty()) {
        say("Noted: " + shortened(position.steering()) + "\n");
      }
      if (position.script().isEmpty()) {
        say(WITHOUT_SCRIPT);
      } else if (!position.finished()) {
        play(position.script().steps(), position.toolResults());
      }
      if (beats.isEmpty()) {
        say(AFTER_SCRIPT);
      }
      return new Reply(key, beats, stopReason);
    }

    private void play(List<Step> steps, int toolResults) {
      int passed = 0;
      boolean ended = false;
      for (Step step : steps) {
        if (ended) {
          return;
        }
        boolean behind = passed < toolResults;
        if (step instanceof Step.Calls calls && behind) {
          passed += calls.calls().size();
        } else if (step instanceof Step.Pace pace) {
          codePoints = pace.codePoints();
          gap = pace.gap();
        } else if (!behind) {
          ended = add(step);
        }
      }
    }

    /** Adds a step's beats; true when the message ends with it. */
    private boolean add(Step step) {
      switch (step) {
        case Step.Say say -> say(say.text());
        case Step.Think think -> {
          if (!think.text().isEmpty()) {
            beats.add(new Beat.Thinking(Chunks.of(think.text(), codePoints), gap));
          }
        }
        case Step.Slow slow -> beats.add(slow(slow));
        case Step.Pace pace -> throw new IllegalStateException("Handled by the caller: " + pace);
        case Step.Wait wait -> beats.add(new Beat.Wait(wait.duration()));
        case Step.Recall recall -> say(recalled());
        case Step.Look look -> say(looked());
        case Step.Find find -> say(found(find.needle()));
        case Step.Tools offered -> say("Tools: " + String.join(", ", conversation.tools()));
        case Step.Result result -> say(lastResult());
        case Step.Fault fault -> {
          return fail(new Beat.Fault(fault.status()), fault.times());
        }
        case Step.Cut cut -> {
          return fail(new Beat.Cut(), cut.times());
        }
        case Step.Hang hang -> {
          return fail(new Beat.Hang(), hang.times());
        }
        case Step.Stop stop -> {
          stopReason = Optional.of(stop.reason());
          return true;
        }
        case Step.Calls calls -> {
          return call(calls.calls());
        }
      }
      return false;
    }

    /** Several limited faults in a row each take their own share of the attempts. */
    private boolean fail(Beat beat, int times) {
      int before = faultsBefore;
      faultsBefore += times;
      if (times > 0 && attempt >= before + times) {
        return false;
      }
      beats.add(beat);
      return true;
    }

    private boolean call(List<ToolCall> calls) {
      if (conversation.tools().isEmpty()) {
        say("(No tools were offered, so this script cannot go on.)");
        return true;
      }
      for (ToolCall call : calls) {
        AgentTools.Use use = tools.use(call, conversation);
        beats.add(new Beat.ToolUse(use.name(), use.input(), codePoints, gap));
      }
      return true;
    }

    private void say(String text) {
      if (!text.isEmpty()) {
        beats.add(new Beat.Text(Chunks.of(text, codePoints), gap));
      }
    }

    private Beat slow(Step.Slow slow) {
      List<String> chunks = new ArrayList<>(slow.chunks());
      for (int n = 1; n <= slow.chunks(); n++) {
        chunks.add("chunk " + n + " of " + slow.chunks() + (n % 5 == 0 ? "\n" : "; "));
      }
      return new Beat.Text(chunks, slow.gap());
    }

    private String recalled() {
      List<String> texts =
          conversation.items().stream()
              .filter(Item.UserText.class::isInstance)
              .map(item -> ((Item.UserText) item).text())
              .toList();
      if (texts.size() < 2) {
        return "I remember no earlier message.";
      }
      return texts.subList(0, texts.size() - 1).stream()
          .map(text -> "- " + shortened(text))
          .collect(Collectors.joining("\n", "I remember:\n", "\n"));
    }

    private String looked() {
      List<String> seen = new ArrayList<>();
      for (Item item : conversation.items()) {
        switch (item) {
          case Item.ModelMessage model -> seen.clear();
          case Item.UserImage image ->
              seen.add(
                  "image %s, %d bytes, sha256 %s"
                      .formatted(image.mediaType(), image.bytes(), image.sha256()));
          case Item.UserText user -> seen.add("text, " + user.text().length() + " characters");
          case Item.ToolResult result -> {
            // Not the user's.
          }
          case Item.ProgramText program -> {
            // Not the user's.
          }
        }
      }
      return "I see: " + String.join("; ", seen);
    }

    private String found(String needle) {
      boolean found =
          conversation.instructions().contains(needle)
              || conversation.items().stream()
                  .anyMatch(
                      item ->
                          item instanceof Item.ProgramText program
                              && program.text().contains(needle));
      return (found ? "Found: " : "Not found: ") + needle;
    }

    private String lastResult() {
      return conversation.items().reversed().stream()
          .filter(Item.ToolResult.class::isInstance)
          .map(item -> shortened(((Item.ToolResult) item).text()))
          .findFirst()
          .orElse("(There is no tool result.)");
    }

    private static String shortened(String text) {
      return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
    }
  }
}
