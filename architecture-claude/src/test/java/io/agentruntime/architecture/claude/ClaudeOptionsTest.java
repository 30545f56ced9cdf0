// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.testkit.DocsTable;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClaudeOptionsTest {
  static List<Arguments> wrongValues() {
    return List.of(
        Arguments.of("model", 7),
        Arguments.of("model", "--dangerously"),
        Arguments.of("model", "a b"),
        Arguments.of("model", ""),
        Arguments.of("fallbackModel", "a,,b"),
        Arguments.of("effort", "extreme"),
        Arguments.of("maxTurns", 0),
        Arguments.of("maxTurns", 1.5),
        Arguments.of("maxTurns", "3"),
        Arguments.of("maxThinkingTokens", -1),
        Arguments.of("maxThinkingTokens", Double.NaN),
        Arguments.of("maxBudgetUsd", 0),
        Arguments.of("maxBudgetUsd", "1"),
        Arguments.of("maxRetries", 1000),
        Arguments.of("settingSources", "user"),
        Arguments.of("settingSources", List.of("managed")));
  }

  @ParameterizedTest
  @MethodSource("wrongValues")
  void aWrongValueIsRefusedByName(String name, Object value) {
    assertThatThrownBy(
            () -> new ClaudeArchitecture().validate(Profiles.plain(), Map.of(name, value)))
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code().name()).isEqualTo("INVALID_ARGUMENT"))
        .hasMessageContaining("sessionOptions." + name);
  }

  @Test
  void theSessionsOptionsWinOverTheProfilesDefaults() {
    ClaudeOptions options =
        ClaudeOptions.of(
            new ProfileBuilder().defaultOptions(Map.of("model", "opus", "maxTurns", 5)).build(),
            Map.of("model", "claude-sonnet-4-5[1m]"));
    assertThat(options.model()).isEqualTo("claude-sonnet-4-5[1m]");
    assertThat(options.maxTurns()).isEqualTo(5);
  }

  @Test
  void withoutOptionsOnlyTheUsersSettingsCountAndRetriesAreFew() {
    ClaudeOptions options = ClaudeOptions.of(Profiles.plain(), Map.of("clientTheme", "dark"));
    assertThat(options.settingSources()).containsExactly("user");
    assertThat(options.maxRetries()).isEqualTo(ClaudeOptions.DEFAULT_MAX_RETRIES);
    assertThat(options.model()).isNull();
  }

  @Test
  void theDocumentedOptionsAreThoseThatAreRead() throws IOException {
    assertThat(DocsTable.read("architectures/claude.md", "| option |").keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ClaudeOptions.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toList());
  }
}
