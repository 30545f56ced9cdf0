// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.agentruntime.sandbox.modal.wire.*;
import io.agentruntime.sandbox.modal.wire.router.*;
import io.agentruntime.testkit.requirement.Requirement;
import io.agentruntime.testkit.requirement.Requires;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the stand-in promises, and the vendor's SDK cannot see. */
@Requires(Requirement.BUBBLEWRAP)
class StandInTest {
  private static StandIn standIn;
  private static PlainClient client;
  private static String app;
  private static String image;
  private static SandboxCreateV2Response shared;

  @BeforeAll
  static void start() throws IOException {
    standIn = StandIn.start(StandInSettings.plaintext());
    client = new PlainClient(standIn);
    app = client.app("promises");
    image = client.image(app, List.of("FROM debian:13"));
    shared = create(Sandbox.newBuilder(), UUID.randomUUID().toString());
  }

  @AfterAll
  static void stop() throws IOException {
    client.close();
    standIn.close();
    standIn.close(); // twice is once
  }

  private static SandboxCreateV2Response create(Sandbox.Builder definition, String key) {
    Metadata headers = client.authenticated();
    headers.put(Gate.key("x-idempotency-key"), key);
    return client.control(
        "SandboxCreateV2",
        SandboxCreateV2Request.newBuilder()
            .setAppId(app)
            .setDefinition(definition.setImageId(image).setTimeoutSecs(3600))
            .build(),
        SandboxCreateV2Response.getDefaultInstance(),
        headers);
  }

  private static String run(String... command) {
    String id = UUID.randomUUID().toString();
    start(id, command);
    return id;
  }

  private static void start(String id, String... command) {
    var unused =
        client.router(
            "TaskExecStart",
            TaskExecStartRequest.newBuilder()
                .setTaskId(shared.getTaskId())
                .setExecId(id)
                .addAllCommandArgs(List.of(command))
                .setStdoutConfig(TaskExecStdoutConfig.TASK_EXEC_STDOUT_CONFIG_PIPE)
                .build(),
            TaskExecStartResponse.getDefaultInstance(),
            shared.getCommandRouterAccess());
  }

  private static String output(String exec, long offset) {
    var bytes = new ByteArrayOutputStream();
    read(exec, offset, bytes);
    return bytes.toString(UTF_8);
  }

  private static void read(String exec, long offset, ByteArrayOutputStream target) {
    Iterator<TaskExecStdioReadResponse> stream =
        client.routerStream(
            "TaskExecStdioRead",
            TaskExecStdioReadRequest.newBuilder()
                .setTaskId(shared.getTaskId())
                .setExecId(exec)
                .setOffset(offset)
                .build(),
            TaskExecStdioReadResponse.getDefaultInstance(),
            shared.getCommandRouterAccess());
    while (stream.hasNext()) {
      target.writeBytes(stream.next().getData().toByteArray());
    }
  }

  private static void write(String exec, long offset, String text, boolean eof) {
    var unused =
        client.router(
            "TaskExecStdinWrite",
            TaskExecStdinWriteRequest.newBuilder()
                .setTaskId(shared.getTaskId())
                .setExecId(exec)
                .setOffset(offset)
                .setData(ByteString.copyFromUtf8(text))
                .setEof(eof)
                .build(),
            TaskExecStdinWriteResponse.getDefaultInstance(),
            shared.getCommandRouterAccess());
  }

  private static Status.Code failure(ThrowingCallable call) {
    var failed = new ArrayList<Status.Code>();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> failed.add(e.getStatus().getCode()));
    return failed.getFirst();
  }

  @Test
  void callsWithoutCredentialsAreRefused() {
    Metadata wrong = client.credentials();
    wrong.removeAll(Gate.key("x-modal-token-secret"));
    assertThat(failure(() -> authToken(wrong))).isEqualTo(Status.Code.UNAUTHENTICATED);
    Metadata unnamed = client.credentials();
    unnamed.removeAll(Gate.key("x-modal-client-type"));
    assertThat(failure(() -> authToken(unnamed))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    Metadata withoutToken = client.credentials();
    assertThat(failure(() -> list(withoutToken, 0))).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  private static void authToken(Metadata headers) {
    var unused =
        client.control(
            "AuthTokenGet",
            AuthTokenGetRequest.getDefaultInstance(),
            AuthTokenGetResponse.getDefaultInstance(),
            headers);
  }

  private static List<SandboxInfo> list(Metadata headers, double before) {
    return client
        .control(
            "SandboxListV2",
            SandboxListRequest.newBuilder().setAppId(app).setBeforeTimestamp(before).build(),
            SandboxListResponse.getDefaultInstance(),
            headers)
        .getSandboxesList();
  }

  @Test
  void aRouterTokenIsForItsTaskOnly() {
    SandboxCreateV2Response other = create(Sandbox.newBuilder(), UUID.randomUUID().toString());
    assertThat(
            failure(
                () ->
                    client.router(
                        "TaskExecStart",
                        TaskExecStartRequest.newBuilder()
                            .setTaskId(shared.getTaskId())
                            .setExecId("x")
                            .addCommandArgs("true")
                            .build(),
                        TaskExecStartResponse.getDefaultInstance(),
                        other.getCommandRouterAccess())))
        .isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void creatingTwiceWithOneKeyGivesOneSandbox() {
    String key = UUID.randomUUID().toString();
    String one = create(Sandbox.newBuilder(), key).getSandboxId();
    String two = create(Sandbox.newBuilder(), key).getSandboxId();
    assertThat(two).isEqualTo(one);
  }

  @Test
  void theListBeginsStrictlyBeforeATime() {
    String key = UUID.randomUUID().toString();
    String newest = create(Sandbox.newBuilder(), key).getSandboxId();
    Metadata headers = client.authenticated();
    SandboxInfo found =
        list(headers, 0).stream().filter(s -> s.getId().equals(newest)).findFirst().orElseThrow();
    assertThat(list(headers, found.getCreatedAt()))
        .noneMatch(s -> s.getId().equals(newest))
        .allMatch(s -> s.getCreatedAt() < found.getCreatedAt());
  }

  @Test
  void startingTwiceWithOneIdRunsOnce() {
    String id = UUID.randomUUID().toString();
    start(id, "sh", "-c", "echo ran >> /tmp/" + id + "; cat /tmp/" + id);
    assertThat(output(id, 0)).isEqualTo("ran\n");
    start(id, "sh", "-c", "echo again");
    assertThat(output(id, 0)).isEqualTo("ran\n");
  }

  @Test
  void outputIsReadAgainFromAnyOffset() {
    String exec = run("printf", "0123456789");
    assertThat(output(exec, 0)).isEqualTo("0123456789");
    assertThat(output(exec, 7)).isEqualTo("789");
    assertThat(output(exec, 10)).isEmpty();
  }

  @Test
  void stdinSkipsWhatItHasAndRefusesGaps() {
    String exec = run("cat");
    write(exec, 0, "abc", false);
    write(exec, 1, "bcd", false);
    assertThat(failure(() -> write(exec, 9, "x", false))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    write(exec, 4, "e", true);
    write(exec, 0, "abcde", true);
    assertThat(output(exec, 0)).isEqualTo("abcde");
    assertThat(failure(() -> write(exec, 5, "f", false)))
        .isEqualTo(Status.Code.FAILED_PRECONDITION);
  }

  @Test
  void askingHowFarStdinIsEvictsItsStream() {
    Stdin stdin = new Stdin(new ByteArrayOutputStream());
    long stream = stdin.openStream();
    stdin.writeStream(stream, 0, ByteString.copyFromUtf8("abc"));
    assertThat(stdin.evictAndCount()).isEqualTo(3);
    assertThat(failure(() -> stdin.writeStream(stream, 3, ByteString.copyFromUtf8("d"))))
        .isEqualTo(Status.Code.ABORTED);
    assertThat(stdin.isClosed()).isFalse();
  }

  @Test
  void aStreamWithoutAStatusIsNoGoodEnd() {
    assertThat(cut(Faults.Cut.NO_STATUS)).isNotEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void aStreamCanBeResetItsConnectionBrokenOrJustFail() {
    assertThat(cut(Faults.Cut.RESET)).isEqualTo(Status.Code.INTERNAL);
    assertThat(cut(Faults.Cut.CONNECTION)).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(cut(Faults.Cut.UNAVAILABLE)).isEqualTo(Status.Code.UNAVAILABLE);
  }

  /** Cuts a stream after 5 of 10 bytes. What the client made of it. */
  private static Status.Code cut(Faults.Cut how) {
    String exec = run("printf", "0123456789");
    standIn.faults().cut("TaskExecStdioRead", how, 5);
    var seen = new ByteArrayOutputStream();
    Status.Code failure = failure(() -> read(exec, 0, seen));
    // A client may drop what it has not delivered when a stream breaks.
    assertThat("01234").startsWith(seen.toString(UTF_8));
    assertThat(output(exec, seen.size())).isEqualTo("0123456789".substring(seen.size()));
    return failure;
  }

  @Test
  void aThrottledCallSaysWhenToComeBack() {
    standIn.faults().throttle("SandboxGetFromName", 1.5, 1);
    assertThatThrownBy(
            () ->
                client.control(
                    "SandboxGetFromName",
                    SandboxGetFromNameRequest.getDefaultInstance(),
                    SandboxGetFromNameResponse.getDefaultInstance(),
                    client.authenticated()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
              byte[] details =
                  e.getTrailers()
                      .get(
                          Metadata.Key.of(
                              "grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER));
              assertThat(details).isNotEmpty();
            });
  }

  @Test
  void theRouterForgetsALostSandbox() {
    SandboxCreateV2Response lost = create(Sandbox.newBuilder(), UUID.randomUUID().toString());
    standIn.lose(lost.getSandboxId());
    assertThat(
            failure(
                () ->
                    client.router(
                        "TaskExecPoll",
                        TaskExecPollRequest.newBuilder().setTaskId(lost.getTaskId()).build(),
                        TaskExecPollResponse.getDefaultInstance(),
                        lost.getCommandRouterAccess())))
        .isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void processesOfASandboxEndWithIt() throws Exception {
    SandboxCreateV2Response mine =
        create(
            Sandbox.newBuilder().addAllEntrypointArgs(List.of("sleep", "1000")),
            UUID.randomUUID().toString());
    standIn.end(
        mine.getSandboxId(), GenericResult.GenericStatus.GENERIC_STATUS_MEMORY_MANAGER_EVICTION);
    assertThat(
            client
                .control(
                    "SandboxWaitV2",
                    SandboxWaitRequest.newBuilder()
                        .setSandboxId(mine.getSandboxId())
                        .setTimeout(0)
                        .build(),
                    SandboxWaitResponse.getDefaultInstance(),
                    client.authenticated())
                .getResult()
                .getStatus())
        .isEqualTo(GenericResult.GenericStatus.GENERIC_STATUS_MEMORY_MANAGER_EVICTION);
    assertThat(standIn.running()).doesNotContain(mine.getSandboxId());
  }
}
