// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.scriptedmodel.play.Item;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the user wrote, among what the agent program adds. */
class UserTextsTest {

  @Test
  void remindersAreTheProgramsAndTheRestIsTheUsers() {
    assertThat(
            UserTexts.items(
                "<system-reminder>\n[[text:no]]\n</system-reminder>\nHello <system-reminder>x"
                    + "</system-reminder>"))
        .containsExactly(
            new Item.ProgramText("<system-reminder>\n[[text:no]]\n</system-reminder>"),
            new Item.UserText("\nHello ", false),
            new Item.ProgramText("<system-reminder>x</system-reminder>"));
  }

  @Test
  void interruptionIsNoText() {
    assertThat(UserTexts.items("[Request interrupted by user for tool use]"))
        .containsExactly(new Item.Interruption());
  }

  @Test
  void callForTheRestOfAMessageIsNoPrompt() {
    assertThat(UserTexts.items("Your response above was cut off mid-stream. Go on."))
        .containsExactly(new Item.Resume());
    assertThat(UserTexts.items("Output token limit hit. Go on."))
        .containsExactly(new Item.Resume());
  }

  @Test
  void messageDuringATurnIsTheUsersInBothForms() {
    String notice =
        "The user sent a new message while you were working:\nmind\n\nthe gap\n\nThis is how it is"
            + " told.";
    Item expected = new Item.UserText("mind\n\nthe gap", true);

    assertThat(UserTexts.steering(notice)).isEqualTo(Optional.of(expected));
    assertThat(UserTexts.items("<system-reminder>\n" + notice + "\n</system-reminder>"))
        .containsExactly(expected);
  }

  @Test
  void requestsOfTheProgramThatQuoteTheUserAreErrands() {
    assertThat(UserTexts.items("<session>\n[[bash:ls]]\n</session>"))
        .containsExactly(new Item.Errand());
  }

  @Test
  void summaryOfEarlierTalkIsNoPrompt() {
    String summary =
        "This session is being continued from a previous conversation [[text:x]]"
            + " <system-reminder>y</system-reminder>";
    assertThat(UserTexts.items(summary)).containsExactly(new Item.ProgramText(summary));
  }

  @Test
  void noticesAreNoPrompts() {
    for (String notice :
        new String[] {
          "<task-notification>x</task-notification>",
          "<local-command-stdout>x</local-command-stdout>",
          "<command-name>/x</command-name>",
          "[Image: source: /tmp/1.png]",
          "Tool loaded."
        }) {
      assertThat(UserTexts.items(notice)).containsExactly(new Item.ProgramText(notice));
    }
    assertThat(UserTexts.items("Tool loaded. And now?"))
        .containsExactly(new Item.UserText("Tool loaded. And now?", false));
  }
}
