// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.play;

import io.agentruntime.scriptedmodel.script.Script;
import io.agentruntime.scriptedmodel.script.ScriptReader;
import java.util.List;

/**
 * Where a conversation stands in its script; derived from the request alone, so that nothing is
 * lost when the server restarts or the conversation moves to another one.
 *
 * @param script the script in force, empty when there is none
 * @param toolResults how many tool results came since the prompt that holds the script
 * @param finished whether the script's last message was given already
 * @param resumes how often the client kept the beginning of this message, which ended too early,
 *     and asked for the rest
 * @param steering a text without tags that the user sent while the script ran and that the model
 *     sees for the first time now; empty otherwise
 */
record Position(Script script, int toolResults, boolean finished, int resumes, String steering) {

  static Position of(List<Item> items, ScriptReader reader) {
    int anchor = lastUserText(items, items.size());
    if (anchor < 0) {
      return new Position(new Script(List.of()), 0, false, 0, "");
    }
    Script script = reader.read(text(items, anchor));
    String steering = "";
    int start = anchor;
    while (script.isEmpty() && start > 0 && isMidTurn(items, start)) {
      if (isSteering(items.get(anchor)) && nothingAfter(items, anchor)) {
        steering = text(items, anchor);
      }
      int earlier = lastUserText(items, start);
      if (earlier < 0) {
        break;
      }
      script = reader.read(text(items, earlier));
      start = earlier;
    }
    return progress(script, items.subList(start, items.size()), steering);
  }

  private static Position progress(Script script, List<Item> since, String steering) {
    int results = 0;
    boolean finished = false;
    int resumes = 0;
    for (Item item : since) {
      if (item instanceof Item.ToolResult) {
        results++;
        resumes = 0;
      } else if (item instanceof Item.ModelMessage message && !message.callsTools()) {
        finished = true;
      } else if (item instanceof Item.Resume && finished) {
        finished = false;
        resumes++;
      }
    }
    return new Position(script, results, finished, resumes, steering);
  }

  private static boolean isSteering(Item item) {
    return item instanceof Item.UserText user && user.midTurn();
  }

  /** A text that follows tool results without a model message between was sent while a turn ran. */
  private static boolean isMidTurn(List<Item> items, int index) {
    for (int i = index - 1; i >= 0; i--) {
      Item item = items.get(i);
      if (item instanceof Item.ToolResult) {
        return true;
      }
      if (item instanceof Item.ModelMessage || item instanceof Item.Interruption) {
        return false;
      }
    }
    return false;
  }

  private static boolean nothingAfter(List<Item> items, int index) {
    return items.subList(index, items.size()).stream()
        .noneMatch(Item.ModelMessage.class::isInstance);
  }

  private static int lastUserText(List<Item> items, int before) {
    for (int i = before - 1; i >= 0; i--) {
      if (items.get(i) instanceof Item.UserText) {
        return i;
      }
    }
    return -1;
  }

  private static String text(List<Item> items, int index) {
    return items.get(index) instanceof Item.UserText user ? user.text() : "";
  }
}
