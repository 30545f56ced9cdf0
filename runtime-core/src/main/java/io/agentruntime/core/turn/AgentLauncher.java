// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.core.sandbox.AgentEnvironment;
import io.agentruntime.core.sandbox.PreparedSandbox;
import io.agentruntime.core.state.RangeLog;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.RangeStart;
import io.agentruntime.spi.architecture.AgentProgram;
import io.agentruntime.spi.architecture.ProgramRequest;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Starts a session's agent processes and finds them again. Stateless; blocks. */
final class AgentLauncher {
  private final SessionScope scope;
  private final AgentEnvironment environment;
  private final BiConsumer<SandboxProcess, AgentRuntimeException> writeFailed;

  /**
   * A started agent.
   *
   * @param run the process with its protocol
   * @param argument what its {@link RangeLog#START} input says
   * @param resumes whether it found a conversation to continue
   */
  record Started(AgentRun run, Map<String, Object> argument, boolean resumes) {}

  /**
   * What the actor knows when a process is wanted.
   *
   * @param incarnation the process's number in the session
   * @param options the session's options
   * @param nativeId the agent's own session id where it minted one
   * @param metadata what the session has used
   */
  record Wish(
      int incarnation,
      Map<String, Object> options,
      @Nullable String nativeId,
      ConversationMetadata metadata) {}

  /**
   * A launcher.
   *
   * @param environment variables for agents
   * @param writeFailed called when input could not be written although the process may live
   */
  AgentLauncher(
      SessionScope scope,
      AgentEnvironment environment,
      BiConsumer<SandboxProcess, AgentRuntimeException> writeFailed) {
    this.scope = scope;
    this.environment = environment;
    this.writeFailed = writeFailed;
  }

  /** Starts a process. */
  Started start(PreparedSandbox prepared, Wish wish) throws InterruptedException {
    Sandbox box = prepared.sandbox();
    boolean resume = scope.transcript().existsIn(box, wish.nativeId());
    AgentProgram program = program(box, wish.options(), wish.nativeId(), resume);
    Map<String, String> variables =
        new LinkedHashMap<>(
            environment.variables(scope.architecture(), scope.profile(), wish.options(), box));
    variables.putAll(prepared.environment());
    variables.putAll(program.environment());
    SandboxProcess process =
        box.start(
            new ProcessSpec(
                new ProcessId(RangeLog.processId(wish.incarnation())),
                program.command(),
                variables,
                program.workingDirectory(),
                ProcessSpec.DEFAULT_SPOOL_LIMIT));
    ProtocolStart start =
        new ProtocolStart(
            scope.id(),
            wish.nativeId(),
            scope.profile(),
            wish.options(),
            resume,
            wish.incarnation(),
            Map.of(),
            wish.metadata(),
            box.paths());
    return new Started(
        run(box, process, start, program.servesManyTurns()),
        RangeLog.startArgument(wish.incarnation(), resume, wish.options()),
        resume);
  }

  /**
   * Finds the process that an earlier server drove, ready to be understood again from where its
   * range began.
   *
   * @throws AgentRuntimeException {@code DECODER_CHANGED} when this version reads output
   *     differently, {@code PROCESS_NOT_FOUND}
   */
  AgentRun reattach(PreparedSandbox prepared, RangeLog range, RangeLog.ProcessStart known)
      throws InterruptedException {
    RangeStart began = range.range();
    if (began != null
        && !(began.architecture().equals(scope.architecture().id())
            && began.decoderVersion().equals(scope.architecture().decoderVersion()))) {
      throw new AgentRuntimeException(
          StandardError.DECODER_CHANGED,
          "the turn was begun with version "
              + began.decoderVersion()
              + " of architecture '"
              + began.architecture()
              + "' and cannot be continued with version "
              + scope.architecture().decoderVersion());
    }
    Sandbox box = prepared.sandbox();
    SandboxProcess process = box.process(new ProcessId(known.processId()));
    AgentProgram program = program(box, known.options(), known.nativeId(), known.resume());
    Map<String, Object> snapshot = range.snapshot();
    ProtocolStart start =
        new ProtocolStart(
            scope.id(),
            known.nativeId(),
            scope.profile(),
            known.options(),
            known.resume(),
            RangeLog.incarnation(known.processId()),
            snapshot == null ? Map.of() : snapshot,
            known.metadata(),
            box.paths());
    AgentRun run = run(box, process, start, program.servesManyTurns());
    run.resumeAt(
        range.stdoutOffset(),
        range.stdinOffset(),
        new Replay(range.inputs(), range.highestIndex()));
    return run;
  }

  private AgentProgram program(
      Sandbox box, Map<String, Object> options, @Nullable String nativeId, boolean resume) {
    return scope
        .architecture()
        .program(
            new ProgramRequest(
                scope.id(), nativeId, scope.profile(), options, resume, box.paths()));
  }

  private AgentRun run(
      Sandbox box, SandboxProcess process, ProtocolStart start, boolean servesManyTurns) {
    return new AgentRun(
        "session-" + scope.id() + "-" + process.id().value(),
        box,
        process,
        scope.architecture().protocol(start),
        servesManyTurns,
        error -> scope.mailbox().signal(() -> writeFailed.accept(process, error)));
  }
}
