// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.architecture.support.profile.OptionValues;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The session options that reach the program; the profile's defaults fill in what the session does
 * not give.
 *
 * <p>A known option of a wrong type is refused, because it would be lost without a word. An unknown
 * one is accepted and has no effect: sessions store options as an open record.
 *
 * @param model the model
 * @param maxTurns how many model calls one message may cause
 * @param maxRetries how often a failing model API is called again
 */
record GeminiOptions(String model, @Nullable Long maxTurns, long maxRetries) {
  /** Left to itself the program asks another model which one to take, before every message. */
  static final String DEFAULT_MODEL = "gemini-2.5-pro";

  /** The program's own default is nine, with pauses of up to half a minute. */
  static final long DEFAULT_MAX_RETRIES = 2;

  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}");
  private static final long MAX_COUNT = 1_000_000;
  private static final long MOST_RETRIES = 100;

  /** The options in force. */
  static GeminiOptions of(AgentProfile profile, Map<String, Object> sessionOptions) {
    Map<String, Object> all = new LinkedHashMap<>(profile.defaultOptions());
    all.putAll(sessionOptions);
    Long retries = whole(all, "maxRetries", 0, MOST_RETRIES);
    return new GeminiOptions(
        model(all),
        whole(all, "maxTurns", 1, MAX_COUNT),
        retries == null ? DEFAULT_MAX_RETRIES : retries);
  }

  private static String model(Map<String, Object> options) {
    Object value = options.get("model");
    if (value == null) {
      return DEFAULT_MODEL;
    }
    if (value instanceof String text && MODEL.matcher(text).matches()) {
      return text;
    }
    throw wrong("model", "the name of a model");
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

  private static AgentRuntimeException wrong(String name, String expected) {
    return AgentRuntimeException.invalid("sessionOptions." + name, expected);
  }
}
