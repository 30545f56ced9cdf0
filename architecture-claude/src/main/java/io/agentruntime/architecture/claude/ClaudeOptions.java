// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.architecture.support.profile.OptionValues;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The session options that reach the program; the profile's defaults fill in what the session does
 * not give.
 *
 * <p>A known option of a wrong type is refused, because it would be lost without a word. An unknown
 * one is accepted and has no effect: sessions store options as an open record, and clients keep
 * settings of their own there and of architectures they may switch to.
 *
 * @param model the model
 * @param fallbackModel what is used while the model is overloaded; several are separated by commas
 * @param effort how hard the model thinks
 * @param maxTurns how many model calls one message may cause
 * @param maxThinkingTokens how many tokens the model may think
 * @param maxBudgetUsd what the program may spend before it stops
 * @param maxRetries how often a failing model API is called again
 * @param settingSources which of the program's settings files count
 */
record ClaudeOptions(
    @Nullable String model,
    @Nullable String fallbackModel,
    @Nullable String effort,
    @Nullable Long maxTurns,
    @Nullable Long maxThinkingTokens,
    @Nullable BigDecimal maxBudgetUsd,
    long maxRetries,
    List<String> settingSources) {
  /** The program's own default is ten, which lets a wrong key go unnoticed for three minutes. */
  static final long DEFAULT_MAX_RETRIES = 4;

  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@\\[\\]-]{0,199}");
  private static final Pattern MODELS = Pattern.compile(MODEL + "(?:," + MODEL + "){0,9}");
  private static final Set<String> EFFORTS = Set.of("low", "medium", "high", "xhigh", "max");
  private static final Set<String> SOURCES = Set.of("user", "project", "local");
  private static final long MAX_COUNT = 1_000_000;
  private static final long MOST_RETRIES = 100;

  ClaudeOptions {
    settingSources = List.copyOf(settingSources);
  }

  /** The options in force. */
  static ClaudeOptions of(AgentProfile profile, Map<String, Object> sessionOptions) {
    Map<String, Object> all = new LinkedHashMap<>(profile.defaultOptions());
    all.putAll(sessionOptions);
    Long retries = whole(all, "maxRetries", 0, MOST_RETRIES);
    return new ClaudeOptions(
        text(all, "model", MODEL, "the name of a model"),
        text(all, "fallbackModel", MODELS, "the names of models, separated by commas"),
        effort(all),
        whole(all, "maxTurns", 1, MAX_COUNT),
        whole(all, "maxThinkingTokens", 0, MAX_COUNT),
        budget(all),
        retries == null ? DEFAULT_MAX_RETRIES : retries,
        sources(all));
  }

  private static @Nullable String text(
      Map<String, Object> options, String name, Pattern pattern, String expected) {
    Object value = options.get(name);
    if (value == null) {
      return null;
    }
    if (value instanceof String text && pattern.matcher(text).matches()) {
      return text;
    }
    throw wrong(name, expected);
  }

  private static @Nullable String effort(Map<String, Object> options) {
    Object value = options.get("effort");
    if (value == null) {
      return null;
    }
    if (value instanceof String text && EFFORTS.contains(text)) {
      return text;
    }
    throw wrong("effort", "low, medium, high, xhigh or max");
  }

  private static @Nullable Long whole(
      Map<String, Object> options, String name, long min, long max) {
    Object value = options.get(name);
    if (value == null) {
      return null;
    }
    return OptionValues.whole(value, min, max)
        .orElseThrow(() -> wrong(name, "a whole number from " + min + " to " + max));
  }

  private static @Nullable BigDecimal budget(Map<String, Object> options) {
    Object value = options.get("maxBudgetUsd");
    if (value == null) {
      return null;
    }
    BigDecimal number = number(value);
    if (number == null || number.signum() <= 0) {
      throw wrong("maxBudgetUsd", "a positive number");
    }
    return number;
  }

  private static @Nullable BigDecimal number(Object value) {
    if (!(value instanceof Number)) {
      return null;
    }
    try {
      return new BigDecimal(value.toString());
    } catch (NumberFormatException notFinite) {
      return null;
    }
  }

  private static List<String> sources(Map<String, Object> options) {
    Object value = options.get("settingSources");
    if (value == null) {
      return List.of("user");
    }
    if (value instanceof List<?> list && SOURCES.containsAll(list)) {
      return list.stream().map(String::valueOf).toList();
    }
    throw wrong("settingSources", "a list of user, project and local");
  }

  private static AgentRuntimeException wrong(String name, String expected) {
    return AgentRuntimeException.invalid("sessionOptions." + name, expected);
  }
}
