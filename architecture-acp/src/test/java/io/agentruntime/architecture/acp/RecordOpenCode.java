// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.program.Recorder;

/**
 * Records all scenarios anew, with the real program and the scripted model, after the pinned
 * version has changed: {@code RecordOpenCode src/test/resources/recordings [NAME…]}.
 */
final class RecordOpenCode {
  private RecordOpenCode() {}

  public static void main(String[] arguments) throws Exception {
    try (ScriptedModel model = ScriptedModel.start(ScriptedModelOptions.defaults())) {
      new Recorder(Recordings.FOLDER, Programs.OPENCODE.at(model.baseUri()), Sanitizer::new)
          .run(Scenarios.all(), arguments);
    }
  }
}
