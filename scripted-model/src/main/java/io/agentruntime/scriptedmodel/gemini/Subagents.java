package io.agentruntime.scriptedmodel.gemini;

import io.agentruntime.scriptedmodel.play.Beat;
import io.agentruntime.scriptedmodel.play.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A subagent of Gemini CLI must hand over its answer with a tool; its last text is none. */
final class Subagents {

  private static final String COMPLETE = "complete_task";
  private static final int WHOLE = 1 << 20;

  private Subagents() {}

  /** The reply, with the call that ends a subagent where nothing else would follow. */
  static Reply finished(Reply reply, List<String> tools) {
    if (!tools.contains(COMPLETE) || reply.callsTools() || breaksOff(reply)) {
      return reply;
    }
    StringBuilder said = new StringBuilder();
    for (Beat beat : reply.beats()) {
      if (beat instanceof Beat.Text text) {
        text.chunks().forEach(said::append);
      }
    }
    List<Beat> beats = new ArrayList<>(reply.beats());
    beats.add(new Beat.ToolUse(COMPLETE, Map.of("result", said.toString()), WHOLE, Duration.ZERO));
    return new Reply(reply.key(), beats, reply.stopReason());
  }

  private static boolean breaksOff(Reply reply) {
    return reply.beats().stream()
        .anyMatch(
            beat ->
                beat instanceof Beat.Fault
                    || beat instanceof Beat.Cut
                    || beat instanceof Beat.Hang);
  }
}
