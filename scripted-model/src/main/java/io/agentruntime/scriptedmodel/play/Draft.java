// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.play;

import io.agentruntime.scriptedmodel.script.Step;
import io.agentruntime.scriptedmodel.script.ToolCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One model message in the making: the steps that are due, turned into beats. Used once. */
final class Draft {

  static final String WITHOUT_SCRIPT =
      "This is the scripted model: no language model stands behind it, and it answers from tags in"
          + " the prompt. Try [[scenario:demo]] or [[text:Hello]].";
  static final String AFTER_SCRIPT = "Done.";
  static final String ERRAND = "A conversation with the scripted model.";
  private static final String NO_TOOLS = "(No tools were offered, so this script cannot go on.)";

  private final Conversation conversation;
  private final AgentTools tools;
  private final Testimony testimony;
  private final int attempt;
  private final List<Beat> beats = new ArrayList<>();
  private Optional<String> stopReason = Optional.empty();
  private int codePoints;
  private Duration gap;
  private int passingFaults;
  private int stops;
  private int resumes;

  /**
   * @param attempt how often the same message was asked for before
   */
  Draft(Conversation conversation, AgentTools tools, Director.Pacing pacing, int attempt) {
    this.conversation = conversation;
    this.tools = tools;
    this.testimony = new Testimony(conversation);
    this.attempt = attempt;
    this.codePoints = pacing.codePoints();
    this.gap = pacing.gap();
  }

  Reply reply(String key, Position position) {
    if (conversation.tools().isEmpty() && conversation.formedAnswer().isPresent()) {
      say(conversation.formedAnswer().get());
    } else if (testimony.endsWithErrand()) {
      say(ERRAND);
    } else {
      follow(position);
    }
    return new Reply(key, beats, stopReason);
  }

  private void follow(Position position) {
    if (!position.steering().isEmpty()) {
      say("Noted: " + Testimony.shortened(position.steering()) + "\n");
    }
    if (position.script().isEmpty()) {
      say(WITHOUT_SCRIPT);
    } else if (!position.finished()) {
      resumes = position.resumes();
      play(position.script().steps(), position.toolResults());
    }
    if (beats.isEmpty()) {
      say(AFTER_SCRIPT);
    }
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
    return switch (step) {
      case Step.Say say -> say(say.text());
      case Step.Recall recall -> say(testimony.earlierTexts());
      case Step.Look look -> say(testimony.latestUserMessage());
      case Step.Find find -> say(testimony.search(find.needle()));
      case Step.Tools offered -> say(testimony.tools());
      case Step.Result result -> say(testimony.latestResult());
      case Step.End end -> beat(new Beat.EndText());
      case Step.Think think -> think(think.text());
      case Step.Slow slow -> beat(new Beat.Text(Chunks.numbered(slow.chunks()), slow.gap()));
      case Step.Wait wait -> beat(new Beat.Wait(wait.duration()));
      case Step.Fault fault -> fail(new Beat.Fault(fault.status()), fault.times());
      case Step.Cut cut -> fail(new Beat.Cut(), cut.times());
      case Step.Hang hang -> fail(new Beat.Hang(), hang.times());
      case Step.Stop stop -> stop(stop.reason());
      case Step.Calls calls -> call(calls.calls());
      case Step.Pace pace -> throw new IllegalStateException("Handled by the caller: " + pace);
    };
  }

  private boolean beat(Beat beat) {
    beats.add(beat);
    return false;
  }

  private boolean say(String text) {
    return text.isEmpty() ? false : beat(new Beat.Text(Chunks.of(text, codePoints), gap));
  }

  private boolean think(String text) {
    return text.isEmpty() ? false : beat(new Beat.Thinking(Chunks.of(text, codePoints), gap));
  }

  /** Several passing faults in one message each take their own share of the attempts. */
  private boolean fail(Beat fault, int times) {
    int before = passingFaults;
    passingFaults += times;
    if (times > 0 && attempt >= before + times) {
      forgetWhatWasKept();
      return false;
    }
    beats.add(fault);
    return true;
  }

  private boolean stop(String reason) {
    if (stops++ < resumes) {
      forgetWhatWasKept();
      return false;
    }
    stopReason = Optional.of(reason);
    return true;
  }

  /** The client has kept what came before the break: it is not said again. */
  private void forgetWhatWasKept() {
    if (resumes > 0) {
      beats.clear();
    }
  }

  private boolean call(List<ToolCall> calls) {
    if (conversation.tools().isEmpty()) {
      say(NO_TOOLS);
      return true;
    }
    for (ToolCall call : calls) {
      AgentTools.Use use = tools.use(call, conversation);
      beats.add(new Beat.ToolUse(use.name(), use.input(), codePoints, gap));
    }
    return true;
  }
}
