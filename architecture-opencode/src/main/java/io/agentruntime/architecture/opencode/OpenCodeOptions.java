// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.architecture.support.profile.OptionValues;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The session options that reach the program; the profile's defaults fill in what the session does
 * not give.
 *
 * <p>A known option of a wrong type is refused, because it would be lost without a word. An unknown
 * one is accepted and has no effect: sessions store options as an open record.
 *
 * @param model provider and model, with '/' between
 * @param maxRetries how often a failing model API is called again
 * @param providers the profile's own providers, as the program's configuration spells them
 */
record OpenCodeOptions(String model, long maxRetries, Map<String, Object> providers) {
  /** The one that needs no account with a provider. */
  static final String DEFAULT_MODEL = "opencode/big-pickle";

  /** The program's own default is to try for ever. */
  static final long DEFAULT_MAX_RETRIES = 2;

  private static final Pattern MODEL =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}/[A-Za-z0-9@][A-Za-z0-9@._:/-]{0,199}");
  private static final long MOST_RETRIES = 100;

  /**
   * The options in force.
   *
   * @param defaultModel the model where neither session nor profile name one
   */
  static OpenCodeOptions of(
      AgentProfile profile, Map<String, Object> sessionOptions, String defaultModel) {
    Object providers = sessionOptions.get(Providers.OPTION);
    if (providers != null && !providers.equals(profile.defaultOptions().get(Providers.OPTION))) {
      throw AgentRuntimeException.invalid(
          Providers.OPTION, "left to the profile, which says where its keys may go");
    }
    Map<String, Object> all = new LinkedHashMap<>(profile.defaultOptions());
    all.putAll(sessionOptions);
    return new OpenCodeOptions(
        model(all, defaultModel), retries(all), Providers.check(all.get(Providers.OPTION)));
  }

  /** The provider's id. */
  String provider() {
    return model.substring(0, model.indexOf('/'));
  }

  /** The model's id at its provider. */
  String modelId() {
    return model.substring(model.indexOf('/') + 1);
  }

  private static String model(Map<String, Object> options, String defaultModel) {
    Object value = options.get("model");
    return value == null ? defaultModel : model(value);
  }

  /** A model's name, checked. */
  static String model(Object value) {
    if (value instanceof String text && MODEL.matcher(text).matches()) {
      return text;
    }
    throw AgentRuntimeException.invalid("model", "a provider and its model, as in provider/model");
  }

  private static long retries(Map<String, Object> options) {
    Object value = options.get("maxRetries");
    if (value == null) {
      return DEFAULT_MAX_RETRIES;
    }
    return OptionValues.whole(value, 0, MOST_RETRIES)
        .orElseThrow(
            () ->
                AgentRuntimeException.invalid(
                    "maxRetries", "a whole number from 0 to " + MOST_RETRIES));
  }
}
