// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.script;

import java.util.List;

/** The steps of one prompt, in order; empty for a prompt without tags. */
public record Script(List<Step> steps) {

  public Script {
    steps = List.copyOf(steps);
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return steps.isEmpty();
  }
}
