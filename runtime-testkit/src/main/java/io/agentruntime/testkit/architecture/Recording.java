// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.spi.architecture.TurnInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What one process of an agent saw and wrote, as a protocol saw it, and the transcript it left.
 *
 * <p>Its text form has one input per line: {@code < LINE} for output, {@code > start}, {@code >
 * turn ID TEXT}, {@code > parts ID PART…} (separated by tabs), {@code > interrupt}, {@code > answer
 * ID allow|deny MESSAGE} and {@code > exit CODE STDERR} for inputs; {@code #} begins a comment.
 * Texts are escaped as in {@link ScriptedLines}.
 *
 * @param name for people
 * @param inputs the inputs in order
 * @param transcript what the agent wrote down; empty when it was not kept
 */
public record Recording(String name, List<ProtocolInput> inputs, Transcript transcript) {
  /** Copies the list. */
  public Recording {
    inputs = List.copyOf(inputs);
  }

  /** Reads the text form. */
  public static Recording parse(String name, String text, Transcript transcript) {
    return new Recording(
        name,
        text.lines()
            .filter(line -> line.startsWith("<") || line.startsWith(">"))
            .map(Recording::input)
            .toList(),
        transcript);
  }

  private static ProtocolInput input(String line) {
    if (line.startsWith("<")) {
      return new ProtocolInput.Line(line.length() > 2 ? line.substring(2) : "");
    }
    String[] words = ScriptedLines.split(line.substring(2), 3);
    String rest = ScriptedLines.unescape(words[2]);
    return switch (words[0]) {
      case "start" -> new ProtocolInput.Start();
      case "turn" -> ProtocolInput.Turn.of(words[1], rest);
      case "parts" ->
          new ProtocolInput.Turn(new TurnInput(new MessageId(words[1]), parts(words[2])));
      case "interrupt" -> new ProtocolInput.Interrupt();
      case "answer" -> answer(words[1], rest);
      case "exit" -> new ProtocolInput.Exit(Integer.parseInt(words[1]), rest);
      default -> throw new IllegalArgumentException("no input of a recording: " + line);
    };
  }

  private static ProtocolInput answer(String requestId, String rest) {
    String[] words = ScriptedLines.split(rest, 2);
    return new ProtocolInput.Answer(
        new PermissionAnswer(
            requestId,
            words[0].equals("allow"),
            null,
            words[1].isEmpty() ? null : words[1],
            "client"));
  }

  private static UserContent parts(String text) {
    List<ContentPart> parts = new ArrayList<>();
    for (String part : text.split("\t", -1)) {
      String[] words = ScriptedLines.split(part, 3);
      parts.add(
          switch (words[0]) {
            case "text" ->
                new ContentPart.Text(ScriptedLines.unescape(ScriptedLines.split(part, 2)[1]));
            case "base64", "url" ->
                new ContentPart.Image(
                    ContentPart.Source.valueOf(words[0].toUpperCase(Locale.ROOT)),
                    words[2],
                    words[1].equals("-") ? null : words[1]);
            default -> throw new IllegalArgumentException("no part of a message: " + part);
          });
    }
    return new UserContent.Parts(parts);
  }

  /** The text form of the inputs. */
  public String format() {
    return inputs.stream().map(Recording::line).collect(Collectors.joining("\n", "", "\n"));
  }

  private static String line(ProtocolInput input) {
    return switch (input) {
      case ProtocolInput.Start start -> "> start";
      case ProtocolInput.Line line -> "< " + line.text();
      case ProtocolInput.Interrupt interrupt -> "> interrupt";
      case ProtocolInput.Exit exit ->
          "> exit " + exit.code() + " " + ScriptedLines.escape(exit.stderrTail());
      case ProtocolInput.Answer answer -> {
        String message = answer.answer().message();
        yield "> answer "
            + answer.answer().requestId()
            + (answer.answer().allowed() ? " allow" : " deny")
            + (message == null ? "" : " " + ScriptedLines.escape(message));
      }
      case ProtocolInput.Turn turn -> {
        MessageId id = turn.input().messageId();
        yield switch (turn.input().content()) {
          case UserContent.Text text -> "> turn " + id + " " + ScriptedLines.escape(text.text());
          case UserContent.Parts parts ->
              "> parts "
                  + id
                  + " "
                  + parts.parts().stream().map(Recording::part).collect(Collectors.joining("\t"));
        };
      }
    };
  }

  private static String part(ContentPart part) {
    return switch (part) {
      case ContentPart.Text text -> "text " + ScriptedLines.escape(text.text());
      case ContentPart.Image image ->
          image.source().name().toLowerCase(Locale.ROOT)
              + " "
              + (image.mediaType() == null ? "-" : image.mediaType())
              + " "
              + image.data();
    };
  }
}
