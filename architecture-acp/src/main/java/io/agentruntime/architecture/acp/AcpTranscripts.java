// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.TranscriptCodec;
import io.agentruntime.spi.architecture.TranscriptSource;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A program's own records: kept verbatim, so that it can continue, and never read, since each
 * program has a form of its own. A conversation is read from the event log; where there is none, a
 * note stands for it.
 *
 * @param globs of files in the home folder
 * @param exporting the command that prints them instead; empty for none
 */
record AcpTranscripts(List<String> globs, List<String> exporting) implements TranscriptCodec {
  /** Of a program whose conversations cannot be continued. */
  static final AcpTranscripts NONE = new AcpTranscripts(List.of(), List.of());

  /** The name of records that a command printed. */
  static final String EXPORTED = "session.export";

  private static final Pattern NATIVE_ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,199}");
  private static final String NOTE =
      "The conversation so far is in the agent program's own records; it can continue it, but it"
          + " cannot be shown here.";

  static AcpTranscripts of(ProgramConfig config) {
    return new AcpTranscripts(config.transcripts(), config.exporting());
  }

  @Override
  public TranscriptSource source(SessionId id, @Nullable String nativeId, SandboxPaths paths) {
    // Before the program has opened a session there is nothing to keep.
    boolean none = nativeId == null || !NATIVE_ID.matcher(nativeId).matches();
    if (!none && !exporting.isEmpty()) {
      return new TranscriptSource.Command(
          EXPORTED,
          exporting.stream()
              .map(
                  word ->
                      word.replace("{session}", nativeId)
                          .replace("{home}", paths.home())
                          .replace("{workspace}", paths.workspace())
                          .replace("{scratch}", paths.scratch()))
              .toList());
    }
    List<String> mine =
        none ? List.of() : globs.stream().map(glob -> glob.replace("{session}", nativeId)).toList();
    return new TranscriptSource.Files(paths.home(), mine);
  }

  @Override
  public Conversation decode(Transcript transcript) {
    if (transcript.isEmpty()) {
      return Conversation.EMPTY;
    }
    Block note =
        new Block.SystemNote(
            BlockHeader.complete("earlier-conversation"), "earlier_conversation", NOTE, Map.of());
    return new Conversation(List.of(note), List.of(), ConversationMetadata.EMPTY);
  }

  @Override
  public StoredTranscript toStored(Transcript transcript) {
    if (transcript.isEmpty()) {
      return new StoredTranscript("", Map.of());
    }
    List<Map<String, Object>> files = new ArrayList<>();
    for (TranscriptEntry entry : transcript.entries()) {
      Map<String, Object> file = new LinkedHashMap<>();
      file.put("name", entry.name());
      file.put("content", entry.content());
      files.add(file);
    }
    return new StoredTranscript(Json.write(Map.of("files", files)), Map.of());
  }

  @Override
  public Transcript fromStored(SessionId id, StoredTranscript stored) {
    JsonNode root = Json.object(stored.raw()).orElse(Json.MAPPER.createObjectNode());
    List<TranscriptEntry> entries = new ArrayList<>();
    for (JsonNode file : root.path("files")) {
      try {
        entries.add(
            new TranscriptEntry(Json.textOr(file, "name", ""), Json.textOr(file, "content", "")));
      } catch (AgentRuntimeException e) {
        // A name that leaves the home folder was never written by this runtime.
        continue;
      }
    }
    return new Transcript(entries);
  }
}
