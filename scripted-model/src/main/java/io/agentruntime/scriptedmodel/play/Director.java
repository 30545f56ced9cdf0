// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.play;

import io.agentruntime.scriptedmodel.script.ScriptReader;
import java.time.Duration;

/**
 * Decides the next model message of a conversation. Thread-safe; keeps no conversation, only counts
 * how often the same request came (for faults that pass after a while).
 */
public final class Director {

  /** How texts are cut into deltas unless the script says otherwise. */
  public record Pacing(int codePoints, Duration gap) {}

  private final ScriptReader reader;
  private final Pacing pacing;
  private final Attempts attempts = new Attempts();
  private final Attempts replies = new Attempts();

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
    String session = conversation.session() + '\n';
    int attempt = attempts.next(session + conversation.agent() + '\n' + where);
    // Two subagents may get the same prompt, but no two messages of a session get the same id.
    int before = replies.next(session + where);
    String key = Hashes.sha256(before == 0 ? where : where + '#' + before);
    return new Draft(conversation, tools, pacing, attempt).reply(key, position);
  }

  /**
   * A short text that differs exactly when the conversation stands elsewhere. What comes and goes
   * between two tries of one request is left out: reminders, and the piece of a broken message.
   */
  private static String where(Conversation conversation, Position position) {
    StringBuilder where = new StringBuilder();
    for (Item item : conversation.items()) {
      switch (item) {
        case Item.UserText user -> where.append("user ").append(user.text()).append('\n');
        case Item.UserImage image -> where.append("image ").append(image.sha256()).append('\n');
        case Item.ToolResult result -> where.append("result\n");
        case Item.Interruption interruption -> where.append("interruption\n");
        case Item.Errand errand -> where.append("errand\n");
        case Item.ModelMessage model -> {}
        case Item.Resume resume -> {}
        case Item.ProgramText program -> {}
      }
    }
    return Hashes.sha256(where.append(position.finished()).toString());
  }
}
