// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.agentruntime.sandbox.modal.wire.SandboxGetFromNameRequest;
import io.agentruntime.sandbox.modal.wire.SandboxInfo;
import io.agentruntime.sandbox.modal.wire.SandboxListRequest;
import io.agentruntime.sandbox.modal.wire.SandboxListResponse;
import io.agentruntime.sandbox.modal.wire.TaskInfo;
import io.grpc.Status;

/** Finds sandboxes by app, environment, tags and name. Thread-safe. */
final class SandboxListing {
  private final Sandboxes sandboxes;
  private final Apps apps;
  private final int pageSize;

  SandboxListing(Sandboxes sandboxes, Apps apps, int pageSize) {
    this.sandboxes = sandboxes;
    this.apps = apps;
    this.pageSize = pageSize;
  }

  /** Those before a time, newest first; the second backend lists both. */
  SandboxListResponse page(SandboxListRequest q, boolean second) {
    String environment = q.getAppId().isEmpty() ? apps.environment(q.getEnvironmentName()) : "";
    var reply = SandboxListResponse.newBuilder();
    sandboxes.all().stream()
        .filter(s -> second || !s.identity().second())
        .filter(s -> s.isRunning() || q.getIncludeFinished())
        .filter(
            s ->
                q.getAppId().isEmpty()
                    ? s.identity().environment().equals(environment)
                    : s.identity().appId().equals(q.getAppId()))
        .filter(
            s -> q.getBeforeTimestamp() == 0 || s.identity().createdAt() < q.getBeforeTimestamp())
        .filter(s -> s.tags().containsAll(q.getTagsList()))
        .limit(pageSize)
        .forEach(s -> reply.addSandboxes(info(s)));
    return reply.build();
  }

  private static SandboxInfo info(LocalSandbox sandbox) {
    var identity = sandbox.identity();
    var task = TaskInfo.newBuilder().setId(identity.taskId()).setStartedAt(identity.createdAt());
    if (!sandbox.isRunning()) {
      task.setResult(sandbox.result().join());
    }
    return SandboxInfo.newBuilder()
        .setId(identity.id())
        .setCreatedAt(identity.createdAt())
        .setTaskInfo(task)
        .setAppId(identity.appId())
        .addAllTags(sandbox.tags())
        .setName(sandbox.name().orElse(""))
        .setImageId(identity.definition().getImageId())
        .addAllRegions(identity.definition().getSchedulerPlacement().getRegionsList())
        .setTimeoutSecs(identity.definition().getTimeoutSecs())
        .build();
  }

  /** The running one of a name, or the last one of that name if ended ones count. */
  LocalSandbox named(SandboxGetFromNameRequest q, boolean second) {
    String app = apps.id(q.getEnvironmentName(), q.getAppName()).orElse("");
    return sandboxes.all().stream()
        .filter(s -> s.identity().second() == second && s.identity().appId().equals(app))
        .filter(s -> s.name().filter(q.getSandboxName()::equals).isPresent())
        .filter(s -> s.isRunning() || q.getIncludeTerminated())
        .findFirst()
        .orElseThrow(
            () ->
                Status.NOT_FOUND
                    .withDescription("no sandbox named " + q.getSandboxName())
                    .asRuntimeException());
  }
}
