// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.spi.architecture.TranscriptCodec;
import io.agentruntime.spi.architecture.TranscriptSource;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program's transcripts: JSON lines in a folder named after the working directory. The folder
 * is searched for by the session's file, because its name follows the working directory's real
 * path, which may not be the one we know.
 */
final class ClaudeTranscripts implements TranscriptCodec {
  @Override
  public TranscriptSource source(SessionId id, @Nullable String nativeId, SandboxPaths paths) {
    String name = ClaudePaths.nativeId(id, nativeId);
    return new TranscriptSource.Files(
        new ClaudePaths(paths).projects(),
        List.of(
            "*/" + name + ".jsonl",
            "*/" + name + "/**.{jsonl,json,txt}",
            "*/agent-*.jsonl",
            "*/memory/**.md"));
  }

  @Override
  public Conversation decode(Transcript transcript) {
    return new TranscriptDecoder().decode(transcript);
  }

  @Override
  public StoredTranscript toStored(Transcript transcript) {
    return CombinedTranscript.write(transcript);
  }

  @Override
  public Transcript fromStored(SessionId id, StoredTranscript stored) {
    return CombinedTranscript.read(ClaudePaths.nativeId(id, null), stored);
  }
}
