// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of scripts. */
class ScriptReaderTest {

  private final ScriptReader reader =
      new ScriptReader(
          Map.of("hello", "[[text:Hello]]", "loop", "[[scenario:loop]]", "demo", Scenarios.DEMO));

  private List<Step> read(String prompt) {
    return reader.read(prompt).steps();
  }

  private static Step calls(ToolCall... calls) {
    return new Step.Calls(List.of(calls));
  }

  @Test
  void tagsInTheirOrderAreTheScriptAndTextAroundThemIsIgnored() {
    assertThat(read("Please [[think:hm]] and then [[text:Hello]], thanks."))
        .containsExactly(new Step.Think("hm"), new Step.Say("Hello"));
  }

  @Test
  void promptWithoutTagsIsAnEmptyScript() {
    assertThat(reader.read("Just a question").isEmpty()).isTrue();
  }

  @Test
  void bracketsThatNameNoStepArePlainText() {
    assertThat(read("[[their-name]] [[ -f x ]] [[Text:no]] [[text")).isEmpty();
  }

  @Test
  void colonAndBlankBothSeparateNameAndArgument() {
    assertThat(read("[[read a.txt]][[read:a.txt]]"))
        .containsExactly(calls(new ToolCall.Read("a.txt")), calls(new ToolCall.Read("a.txt")));
  }

  @Test
  void writeSplitsAtTheFirstBarAndKeepsTheOthers() {
    assertThat(read("[[write a.txt|x|y]]"))
        .containsExactly(calls(new ToolCall.Write("a.txt", "x|y")));
  }

  @Test
  void escapesGiveNewlinesTabsBarsAndBrackets() {
    assertThat(read("[[write a\\|b|one\\ntwo\\tx\\]\\] \\[\\[ \\\\ \\d]]"))
        .containsExactly(calls(new ToolCall.Write("a|b", "one\ntwo\tx]] [[ \\ \\d")));
  }

  @Test
  void argumentsMayHoldRealNewlines() {
    assertThat(read("[[write a|one\ntwo\n]]"))
        .containsExactly(calls(new ToolCall.Write("a", "one\ntwo\n")));
  }

  @Test
  void shellPipesAndTestsNeedNoEscapes() {
    assertThat(read("[[bash:[[ -f a ]] && ls | wc -l]]"))
        .containsExactly(calls(new ToolCall.Shell("[[ -f a ]] && ls | wc -l")));
  }

  @Test
  void bracketsBeforeTheEndBelongToTheText() {
    assertThat(read("[[text:a[1]]]")).containsExactly(new Step.Say("a[1]"));
  }

  @Test
  void subagentPromptKeepsItsOwnTagsAndEscapes() {
    assertThat(read("[[subagent:Do [[write a|x\\ny]][[text:ok]]]][[text:after]]"))
        .containsExactly(
            calls(
                new ToolCall.Delegate(
                    "Do [[write a|x\\ny]][[text:ok]]", "Delegated work", "", false)),
            new Step.Say("after"));
  }

  @Test
  void andJoinsToolCallsIntoOneStep() {
    assertThat(read("[[bash:a]] [[and]] [[bash:b]] [[and]] [[read:c]]"))
        .containsExactly(
            calls(new ToolCall.Shell("a"), new ToolCall.Shell("b"), new ToolCall.Read("c")));
  }

  @Test
  void slowTakesNumbersWithAndWithoutWords() {
    Step slow = new Step.Slow(20, Duration.ofMillis(100));
    assertThat(read("[[slow:20,100]][[slow:20 chunks, 100 ms each]]")).containsExactly(slow, slow);
  }

  @Test
  void faultTakesAStatusAndHowOften() {
    assertThat(read("[[fault:529x2]][[fault:401]][[cut:1]][[cut]][[hang]]"))
        .containsExactly(
            new Step.Fault(529, 2),
            new Step.Fault(401, 0),
            new Step.Cut(1),
            new Step.Cut(0),
            new Step.Hang(0));
  }

  @Test
  void repeatOfATextIsOneTextWithNumbers() {
    assertThat(read("[[repeat:3|{n}, ]]")).containsExactly(new Step.Say("1, 2, 3, "));
  }

  @Test
  void repeatOfTagsRepeatsTheSteps() {
    assertThat(read("[[repeat:2|[[bash:echo {n}]]]]"))
        .containsExactly(calls(new ToolCall.Shell("echo 1")), calls(new ToolCall.Shell("echo 2")));
  }

  @Test
  void scenarioStandsForItsScript() {
    assertThat(read("[[scenario:hello]][[text:!]]"))
        .containsExactly(new Step.Say("Hello"), new Step.Say("!"));
  }

  @Test
  void demoHoldsItsLineBreaks() {
    assertThat(read("[[scenario:demo]]"))
        .contains(
            calls(
                new ToolCall.Write(
                    "hello.sh",
                    """
                    #!/bin/sh
                    echo "Hello from the sandbox."
                    echo "2 + 3 = $((2 + 3))"
                    """)));
  }

  @Test
  void jsonFormSaysTheSameAndMore() {
    String json =
        """
        [[json:[
          {"do":"text","text":"a ]] b"},
          {"do":"write","path":"a.json","content":"[[1]]"},
          {"do":"subagent","prompt":"p","type":"Explore","background":true,"description":"d"},
          {"do":"tool","name":"Grep","input":{"pattern":"x","lists":[[1,2]]}},
          {"do":"and"},
          {"do":"bash","command":"ls"},
          {"do":"repeat","times":2,"steps":[{"do":"text","text":"{n}"}]},
          {"do":"scenario","name":"hello"},
          {"do":"fault","status":529,"times":2},
          {"do":"slow","chunks":3,"ms":5}
        ]]] and [[text:more]]\
        """;
    assertThat(read(json))
        .containsExactly(
            new Step.Say("a ]] b"),
            calls(new ToolCall.Write("a.json", "[[1]]")),
            calls(new ToolCall.Delegate("p", "d", "Explore", true)),
            calls(
                new ToolCall.Named("Grep", Map.of("pattern", "x", "lists", List.of(List.of(1, 2)))),
                new ToolCall.Shell("ls")),
            new Step.Say("1"),
            new Step.Say("2"),
            new Step.Say("Hello"),
            new Step.Fault(529, 2),
            new Step.Slow(3, Duration.ofMillis(5)),
            new Step.Say("more"));
  }

  @Test
  void toolTagTakesJsonInput() {
    assertThat(read("[[tool Grep|{\"pattern\":\"x\"}]]"))
        .containsExactly(calls(new ToolCall.Named("Grep", Map.of("pattern", "x"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[fault:abc]]",
        "[[fault]]",
        "[[fault:200]]",
        "[[fault:529x0]]",
        "[[slow:a]]",
        "[[slow:1,2,3]]",
        "[[write]]",
        "[[bash:]]",
        "[[bash:ls",
        "[[and]]",
        "[[bash:a]][[and]]",
        "[[bash:a]][[and]][[text:b]]",
        "[[recall:x]]",
        "[[scenario:unknown]]",
        "[[scenario:loop]]",
        "[[json:[1]]]",
        "[[json:{\"do\":\"text\"]]",
        "[[json:{\"do\":\"dance\"}]]",
        "[[json:{\"do\":\"text\",\"colour\":\"x\"}]]",
        "[[json:1]]",
        "[[tool:Grep|no json]]",
        "[[repeat:20000|[[text:x]]]]",
        "[[repeat:1000000|0123456789012345678901234567890]]",
        "[[wait:99999999]]",
      })
  void wrongTagsAreRefusedWithAReason(String prompt) {
    assertThatThrownBy(() -> read(prompt))
        .isInstanceOf(ScriptException.class)
        .message()
        .isNotBlank();
  }
}
