// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import io.agentruntime.sandbox.modal.wire.SandboxGetFromNameRequest;
import io.agentruntime.sandbox.modal.wire.SandboxGetFromNameResponse;
import io.agentruntime.sandbox.modal.wire.SandboxGetTaskIdRequest;
import io.agentruntime.sandbox.modal.wire.SandboxGetTaskIdResponse;
import io.agentruntime.sandbox.modal.wire.SandboxInfo;
import io.agentruntime.sandbox.modal.wire.SandboxListRequest;
import io.agentruntime.sandbox.modal.wire.SandboxListResponse;
import io.agentruntime.sandbox.modal.wire.SandboxTag;
import io.agentruntime.sandbox.modal.wire.SandboxTagsGetRequest;
import io.agentruntime.sandbox.modal.wire.SandboxTagsGetResponse;
import io.agentruntime.sandbox.support.Pause;
import io.agentruntime.spi.sandbox.SandboxListing;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds this runtime's sandboxes at Modal. Thread-safe. */
final class Machines {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
  private static final Set<GrpcStatus> UNKNOWN =
      Set.of(GrpcStatus.NOT_FOUND, GrpcStatus.INVALID_ARGUMENT);

  private final ControlPlane modal;
  private final App app;
  private final Tags tags;

  Machines(ControlPlane modal, App app, Tags tags) {
    this.modal = modal;
    this.app = app;
    this.tags = tags;
  }

  /** A sandbox of this runtime that runs; null when there is none. */
  @Nullable Machine find(String sandboxId) throws GrpcException, InterruptedException {
    Machine found = ended(sandboxId);
    if (!isMine(sandboxId) || !found.isAlive()) {
      return null;
    }
    return started(sandboxId, Duration.ofSeconds(30));
  }

  /** Whether a sandbox exists, or did, and is this runtime's. */
  boolean isMine(String sandboxId) throws GrpcException, InterruptedException {
    try {
      List<SandboxTag> its =
          modal
              .call(
                  Backend.of(sandboxId).rpc("SandboxTagsGet"),
                  SandboxTagsGetRequest.newBuilder().setSandboxId(sandboxId).build(),
                  SandboxTagsGetResponse.parser())
              .getTagsList();
      return tags.sandboxName(its) != null;
    } catch (GrpcException e) {
      if (UNKNOWN.contains(e.status())) {
        return false;
      }
      throw e;
    }
  }

  /** A sandbox in which nothing is to be run any more. */
  Machine ended(String sandboxId) {
    return new Machine(modal, sandboxId, new Router(modal, sandboxId, "", null));
  }

  /** Waits until programs can be run in a sandbox. */
  Machine started(String sandboxId, Duration patience) throws GrpcException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    SandboxGetTaskIdRequest request =
        SandboxGetTaskIdRequest.newBuilder().setSandboxId(sandboxId).build();
    while (true) {
      SandboxGetTaskIdResponse task =
          modal.call(
              Backend.of(sandboxId).rpc("SandboxGetTaskId"),
              request,
              SandboxGetTaskIdResponse.parser());
      if (task.hasTaskResult()) {
        throw new AgentRuntimeException(
            StandardError.SANDBOX_LOST,
            "sandbox %s has ended: %s %s"
                .formatted(
                    sandboxId,
                    task.getTaskResult().getStatus(),
                    task.getTaskResult().getException()));
      }
      if (!task.getTaskId().isEmpty()) {
        return new Machine(modal, sandboxId, new Router(modal, sandboxId, task.getTaskId(), null));
      }
      if (System.nanoTime() > deadline) {
        throw new GrpcException(
            GrpcStatus.DEADLINE_EXCEEDED, "sandbox " + sandboxId + " does not start", null);
      }
      Pause.of(BETWEEN_LOOKS);
    }
  }

  /** Ends the sandbox that has a name at Modal already. */
  void endPredecessor(String name) throws GrpcException, InterruptedException {
    String modalName = tags.modalName(name);
    String old;
    try {
      old =
          modal
              .call(
                  modal.settings().backend().rpc("SandboxGetFromName"),
                  SandboxGetFromNameRequest.newBuilder()
                      .setSandboxName(modalName)
                      .setAppName(modal.settings().app())
                      .setEnvironmentName(modal.settings().environment())
                      .build(),
                  SandboxGetFromNameResponse.parser())
              .getSandboxId();
    } catch (GrpcException e) {
      if (e.status() == GrpcStatus.NOT_FOUND) {
        return; // it ended just now
      }
      throw e;
    }
    if (!isMine(old)) {
      throw new AgentRuntimeException(
          StandardError.SANDBOX_FAILED,
          "Cannot create sandbox %s: one named %s exists that is not this runtime's"
              .formatted(name, modalName));
    }
    ended(old).terminate();
  }

  /** All that run. */
  List<SandboxListing> list() throws GrpcException, InterruptedException {
    Map<String, SandboxListing> found = new LinkedHashMap<>();
    double before = 0;
    while (true) {
      SandboxListRequest request =
          SandboxListRequest.newBuilder()
              .setAppId(app.id())
              .setEnvironmentName(modal.settings().environment())
              .addTags(tags.mine())
              .setBeforeTimestamp(before)
              .build();
      SandboxListResponse page =
          modal.call(
              modal.settings().backend().rpc("SandboxList"), request, SandboxListResponse.parser());
      if (page.getSandboxesCount() == 0) {
        return List.copyOf(found.values());
      }
      for (SandboxInfo info : page.getSandboxesList()) {
        String name = tags.sandboxName(info.getTagsList());
        if (name != null) {
          found.put(info.getId(), listing(info, name));
        }
      }
      double last = page.getSandboxes(page.getSandboxesCount() - 1).getCreatedAt();
      if (before != 0 && last >= before) {
        throw new GrpcException(GrpcStatus.INTERNAL, "the list of sandboxes does not end", null);
      }
      before = last;
    }
  }

  private static SandboxListing listing(SandboxInfo info, String name) {
    return new SandboxListing(
        info.getId(),
        name,
        Tags.labels(info.getTagsList()),
        Instant.ofEpochMilli((long) (info.getCreatedAt() * 1000)),
        !info.getTaskInfo().hasResult());
  }
}
