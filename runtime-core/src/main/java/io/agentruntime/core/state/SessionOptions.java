// SPDX-License-Identifier: MIT

package io.agentruntime.core.state;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionRecord;
import java.util.LinkedHashMap;
import java.util.Map;

/** The options that a session runs with. Stateless. */
public final class SessionOptions {
  private SessionOptions() {}

  /** The profile's defaults, overridden by the session's own. */
  public static Map<String, Object> effective(AgentProfile profile, SessionRecord record) {
    Map<String, Object> options = new LinkedHashMap<>(profile.defaultOptions());
    options.putAll(record.options());
    return options;
  }
}
