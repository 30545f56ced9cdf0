// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import java.util.List;

/**
 * All that is known of one session when everything is over. Immutable.
 *
 * @param name the client's name for it
 * @param exact whether the conversation must equal that of an undisturbed run
 * @param messages what was acknowledged
 * @param seen what the client was told while servers died
 * @param replay what a new client is told that begins at the beginning
 * @param streamed what server-sent events told while servers died
 * @param pages the log as REST shows it, whole
 * @param log the same, as far as it matters who and what
 * @param stored the numbers in the database, in order
 * @param storedLast the last number as the database has it in the session's row
 * @param effects the lines that tools wrote in the workspace
 * @param conversation what the server shows, without ids and times
 * @param troubles what the client found wrong by itself
 */
record Story(
    String name,
    boolean exact,
    List<Message> messages,
    List<Told> seen,
    List<Told> replay,
    List<Told> streamed,
    List<Told> pages,
    List<Logged> log,
    List<Long> stored,
    long storedLast,
    List<String> effects,
    List<String> conversation,
    List<String> troubles) {
  /** Copies the lists. */
  Story {
    messages = List.copyOf(messages);
    seen = List.copyOf(seen);
    replay = List.copyOf(replay);
    streamed = List.copyOf(streamed);
    pages = List.copyOf(pages);
    log = List.copyOf(log);
    stored = List.copyOf(stored);
    effects = List.copyOf(effects);
    conversation = List.copyOf(conversation);
    troubles = List.copyOf(troubles);
  }

  /**
   * A message that was acknowledged.
   *
   * @param id its id
   * @param text what it says
   * @param interrupted whether its turn may have been stopped
   * @param steered whether it may have been given to a turn that ran
   * @param effects the lines that its tools write
   */
  record Message(
      String id, String text, boolean interrupted, boolean steered, List<String> effects) {
    /** Copies the lines. */
    Message {
      effects = List.copyOf(effects);
    }
  }

  /**
   * An event of the log.
   *
   * @param seq its number
   * @param type its canonical name
   * @param messageId the message or permission request that it is about, or empty
   * @param userText what the user says in it, where it completes a user's block, or empty
   * @param code why, where something failed, or empty
   */
  record Logged(long seq, String type, String messageId, String userText, String code) {}
}
