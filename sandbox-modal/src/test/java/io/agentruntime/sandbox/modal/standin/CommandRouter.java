// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.agentruntime.sandbox.modal.wire.Empty;
import io.agentruntime.sandbox.modal.wire.SecretSource;
import io.agentruntime.sandbox.modal.wire.router.*;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The task command router: programs in sandboxes and their streams, by byte offset. Thread-safe.
 */
final class CommandRouter {
  static final String SERVICE = "modal.task_command_router.TaskCommandRouter";
  private static final int CHUNK = 64 * 1024;

  private final Sandboxes sandboxes;
  private final Secrets secrets;
  private final Tokens tokens;
  private final Faults faults;
  private final Connections connections;
  private final InstantSource clock;
  private final FileSystems fileSystems;

  CommandRouter(
      Sandboxes sandboxes,
      Secrets secrets,
      Images images,
      Tokens tokens,
      Faults faults,
      Connections connections,
      InstantSource clock) {
    this.sandboxes = sandboxes;
    this.secrets = secrets;
    this.tokens = tokens;
    this.faults = faults;
    this.connections = connections;
    this.clock = clock;
    this.fileSystems = new FileSystems(images);
  }

  ServerServiceDefinition service() {
    Calls calls = new Calls(SERVICE);
    programs(calls);
    streams(calls);
    entrypoint(calls);
    files(calls);
    return calls.build();
  }

  private void programs(Calls calls) {
    calls.unary(
        "TaskExecStart",
        TaskExecStartRequest.getDefaultInstance(),
        TaskExecStartResponse.getDefaultInstance(),
        this::start);
    calls.unary(
        "TaskExecPoll",
        TaskExecPollRequest.getDefaultInstance(),
        TaskExecPollResponse.getDefaultInstance(),
        q -> {
          var reply = TaskExecPollResponse.newBuilder();
          Exit exit = execution(q.getTaskId(), q.getExecId()).exit().getNow(null);
          switch (exit) {
            case null -> {}
            case Exit.Code(int code) -> reply.setCode(code);
            case Exit.Signal(int signal) -> reply.setSignal(signal);
          }
          return reply.build();
        });
    calls.unary(
        "TaskExecWait",
        TaskExecWaitRequest.getDefaultInstance(),
        TaskExecWaitResponse.getDefaultInstance(),
        q -> {
          var reply = TaskExecWaitResponse.newBuilder();
          switch (execution(q.getTaskId(), q.getExecId()).exit().get()) {
            case Exit.Code(int code) -> reply.setCode(code);
            case Exit.Signal(int signal) -> reply.setSignal(signal);
          }
          return reply.build();
        });
  }

  private void streams(Calls calls) {
    calls.streaming(
        "TaskExecStdioRead",
        TaskExecStdioReadRequest.getDefaultInstance(),
        TaskExecStdioReadResponse.getDefaultInstance(),
        (q, output) -> {
          Execution execution = execution(q.getTaskId(), q.getExecId());
          Spool spool =
              q.getFileDescriptor()
                      == TaskExecStdioFileDescriptor.TASK_EXEC_STDIO_FILE_DESCRIPTOR_STDOUT
                  ? execution.out()
                  : execution.err();
          pump(
              "TaskExecStdioRead",
              spool,
              q.getOffset(),
              (at, data) ->
                  output.send(TaskExecStdioReadResponse.newBuilder().setData(data).build()));
        });
    calls.unary(
        "TaskExecStdinWrite",
        TaskExecStdinWriteRequest.getDefaultInstance(),
        TaskExecStdinWriteResponse.getDefaultInstance(),
        q -> {
          Execution execution = execution(q.getTaskId(), q.getExecId());
          execution.stdin().write(q.getOffset(), q.getData(), q.getEof());
          return TaskExecStdinWriteResponse.getDefaultInstance();
        });
    calls.uploading(
        "TaskExecStdinWriteStream",
        TaskExecStdinWriteStreamRequest.getDefaultInstance(),
        TaskExecStdinWriteStreamResponse.getDefaultInstance(),
        this::upload);
    calls.unary(
        "TaskExecStdinStatus",
        TaskExecStdinStatusRequest.getDefaultInstance(),
        TaskExecStdinStatusResponse.getDefaultInstance(),
        q -> {
          Stdin stdin = execution(q.getTaskId(), q.getExecId()).stdin();
          return TaskExecStdinStatusResponse.newBuilder()
              .setNumBytesWritten(stdin.evictAndCount())
              .setClosed(stdin.isClosed())
              .build();
        });
  }

  private void entrypoint(Calls calls) {
    calls.streaming(
        "SandboxStdioReadV2",
        SandboxStdioReadV2Request.getDefaultInstance(),
        SandboxStdioReadV2Response.getDefaultInstance(),
        (q, output) -> {
          LocalSandbox sandbox = task(q.getTaskId());
          Optional<Execution> program = sandbox.entrypoint();
          if (program.isEmpty()) {
            sandbox.result().get(); // silent to its end
            return;
          }
          Spool spool =
              q.getFileDescriptor()
                      == SandboxStdioFileDescriptor.SANDBOX_STDIO_FILE_DESCRIPTOR_STDOUT
                  ? program.get().out()
                  : program.get().err();
          pump(
              "SandboxStdioReadV2",
              spool,
              q.getOffset(),
              (at, data) ->
                  output.send(
                      SandboxStdioReadV2Response.newBuilder()
                          .setData(data)
                          .setStartingOffset(at)
                          .build()));
        });
    calls.unary(
        "SandboxStdinWriteV2",
        SandboxStdinWriteV2Request.getDefaultInstance(),
        SandboxStdinWriteV2Response.getDefaultInstance(),
        q -> {
          task(q.getTaskId())
              .entrypoint()
              .orElseThrow(
                  () ->
                      Status.FAILED_PRECONDITION
                          .withDescription("no entrypoint reads stdin")
                          .asRuntimeException())
              .stdin()
              .write(q.getOffset(), q.getData(), q.getEof());
          return SandboxStdinWriteV2Response.getDefaultInstance();
        });
    calls.unary(
        "SandboxWaitUntilReady",
        SandboxWaitUntilReadyTcrRequest.getDefaultInstance(),
        SandboxWaitUntilReadyTcrResponse.getDefaultInstance(),
        q ->
            SandboxWaitUntilReadyTcrResponse.newBuilder()
                .setReadyAt(new Readiness(task(q.getTaskId()), clock).await(q.getTimeout()))
                .build());
  }

  private void files(Calls calls) {
    calls.unary(
        "TaskSnapshotFilesystem",
        TaskSnapshotFilesystemRequest.getDefaultInstance(),
        TaskSnapshotFilesystemResponse.getDefaultInstance(),
        q ->
            TaskSnapshotFilesystemResponse.newBuilder()
                .setImageId(fileSystems.snapshot(running(q.getTaskId()), q.getSnapshotId()))
                .build());
    calls.unary(
        "TaskSnapshotDirectory",
        TaskSnapshotDirectoryRequest.getDefaultInstance(),
        TaskSnapshotDirectoryResponse.getDefaultInstance(),
        q ->
            TaskSnapshotDirectoryResponse.newBuilder()
                .setImageId(
                    fileSystems.snapshotFolder(
                        running(q.getTaskId()), q.getPath().toStringUtf8(), q.getSnapshotId()))
                .build());
    calls.unary(
        "TaskMountDirectory",
        TaskMountDirectoryRequest.getDefaultInstance(),
        Empty.getDefaultInstance(),
        q -> {
          fileSystems.mount(running(q.getTaskId()), q.getPath().toStringUtf8(), q.getImageId());
          return Empty.getDefaultInstance();
        });
    calls.unary(
        "TaskUnmountDirectory",
        TaskUnmountDirectoryRequest.getDefaultInstance(),
        Empty.getDefaultInstance(),
        q -> {
          fileSystems.unmount(running(q.getTaskId()), q.getPath().toStringUtf8());
          return Empty.getDefaultInstance();
        });
    calls.unary(
        "TaskReloadVolumes",
        TaskReloadVolumesRequest.getDefaultInstance(),
        TaskReloadVolumesResponse.getDefaultInstance(),
        q -> {
          LocalSandbox unused = running(q.getTaskId());
          return TaskReloadVolumesResponse.getDefaultInstance();
        });
    calls.unary(
        "TaskSetNetworkAccess",
        TaskSetNetworkAccessRequest.getDefaultInstance(),
        TaskSetNetworkAccessResponse.getDefaultInstance(),
        q -> {
          running(q.getTaskId()).setNetworkAccess(q.getNetworkAccess());
          return TaskSetNetworkAccessResponse.getDefaultInstance();
        });
  }

  private TaskExecStartResponse start(TaskExecStartRequest q) throws IOException {
    LocalSandbox sandbox = task(q.getTaskId());
    if (q.getCommandArgsCount() == 0) {
      throw Status.INVALID_ARGUMENT.withDescription("no command").asRuntimeException();
    }
    Map<String, String> variables = new HashMap<>(sandbox.variables());
    variables.putAll(q.getEnvMap());
    List<SecretSource> sources = new ArrayList<>();
    q.getSecretIdsList()
        .forEach(id -> sources.add(SecretSource.newBuilder().setSecretId(id).build()));
    sources.addAll(q.getSecretSourcesList());
    variables.putAll(secrets.merge(sources));
    sandbox.execute(
        q.getExecId(),
        new Execution.Order(
            q.getCommandArgsList(),
            variables,
            q.hasWorkdir() ? q.getWorkdir() : sandbox.workFolder(),
            q.getPtyInfo().getEnabled(),
            q.getStdoutConfig() == TaskExecStdoutConfig.TASK_EXEC_STDOUT_CONFIG_PIPE,
            q.getStderrConfig() == TaskExecStderrConfig.TASK_EXEC_STDERR_CONFIG_PIPE,
            q.getStderrConfig() == TaskExecStderrConfig.TASK_EXEC_STDERR_CONFIG_STDOUT),
        clock.instant());
    if (q.getTimeoutSecs() > 0) {
      Execution execution = sandbox.execution(q.getExecId());
      var unused =
          execution
              .exit()
              .copy()
              .orTimeout(q.getTimeoutSecs(), TimeUnit.SECONDS)
              .whenComplete((exit, late) -> execution.kill());
    }
    return TaskExecStartResponse.getDefaultInstance();
  }

  private TaskExecStdinWriteStreamResponse upload(
      Calls.Input<TaskExecStdinWriteStreamRequest> input) throws InterruptedException {
    Optional<TaskExecStdinWriteStreamRequest> first = input.next();
    if (first.isEmpty() || !first.get().hasStart()) {
      throw Status.INVALID_ARGUMENT.withDescription("no start").asRuntimeException();
    }
    var start = first.get().getStart();
    Stdin stdin = execution(start.getTaskId(), start.getExecId()).stdin();
    long stream = stdin.openStream();
    long offset = start.getOffset();
    for (var next = input.next(); next.isPresent(); next = input.next()) {
      if (next.get().hasEnd()) {
        stdin.endStream(stream);
        break;
      }
      ByteString data = next.get().getData();
      stdin.writeStream(stream, offset, data);
      offset += data.size();
    }
    return TaskExecStdinWriteStreamResponse.getDefaultInstance();
  }

  /** Takes what comes out, with its offset. */
  @FunctionalInterface
  private interface Piece {
    void take(long offset, ByteString data) throws InterruptedException;
  }

  private void pump(String call, Spool spool, long from, Piece target)
      throws IOException, InterruptedException {
    Faults.Fate fate = faults.fate(call);
    long offset = from;
    while (true) {
      long left = fate.afterBytes() - (offset - from);
      if (left <= 0) {
        connections.cut(java.util.Objects.requireNonNull(fate.how()));
        return;
      }
      byte[] bytes = spool.read(offset, (int) Math.min(CHUNK, left));
      if (bytes.length == 0) {
        return;
      }
      target.take(offset, UnsafeByteOperations.unsafeWrap(bytes));
      offset += bytes.length;
    }
  }

  private Execution execution(String taskId, String execId) {
    return task(taskId).execution(execId);
  }

  private LocalSandbox running(String taskId) {
    LocalSandbox sandbox = task(taskId);
    if (!sandbox.isRunning()) {
      throw sandbox.gone().asRuntimeException();
    }
    return sandbox;
  }

  private LocalSandbox task(String taskId) {
    String given = Gate.header("authorization");
    if (!given.startsWith("Bearer ") || !tokens.isGood(given.substring(7), taskId)) {
      throw Status.UNAUTHENTICATED
          .withDescription("the token is not for this task, or is over")
          .asRuntimeException();
    }
    return sandboxes.requireTask(taskId);
  }
}
