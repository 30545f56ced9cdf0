// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.script;

import java.util.Map;

/** The scenarios that are always there; more can be given in the options. */
public final class Scenarios {

  /** One whole turn for show: thinking, a sentence, a file written, a command run, a last word. */
  public static final String DEMO =
      """
      [[think:The user wants to see one turn from beginning to end. A small shell script will do: \
      I write it, run it, and say what it printed.]]
      [[text:I will write a small script and run it.]]
      [[write hello.sh|#!/bin/sh
      echo "Hello from the sandbox."
      echo "2 + 3 = $((2 + 3))"
      ]]
      [[bash:sh hello.sh]]
      [[text:Done. The script hello.sh ran and printed:\\n\\n]][[result]]
      """;

  private static final Map<String, String> BUILT_IN = Map.of("demo", DEMO);

  private Scenarios() {}

  /** Scripts by name. */
  public static Map<String, String> builtIn() {
    return BUILT_IN;
  }
}
