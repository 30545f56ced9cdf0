// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.agentruntime.sandbox.modal.wire.*;
import io.agentruntime.sandbox.modal.wire.GenericResult.GenericStatus;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The control plane's calls about sandboxes, of both backends. Thread-safe. */
final class SandboxCalls {
  private final Sandboxes sandboxes;
  private final Apps apps;
  private final Images images;
  private final Secrets secrets;
  private final Tunnels tunnels;
  private final Tokens routerTokens;
  private final String routerUrl;
  private final Map<String, LocalSandbox> byIdempotencyKey = new HashMap<>();
  private final SandboxListing listing;

  SandboxCalls(
      Sandboxes sandboxes,
      Apps apps,
      Images images,
      Secrets secrets,
      Tunnels tunnels,
      Tokens routerTokens,
      String routerUrl,
      int pageSize) {
    this.sandboxes = sandboxes;
    this.apps = apps;
    this.images = images;
    this.secrets = secrets;
    this.tunnels = tunnels;
    this.routerTokens = routerTokens;
    this.routerUrl = routerUrl;
    this.listing = new SandboxListing(sandboxes, apps, pageSize);
  }

  void register(Calls calls) {
    create(calls);
    for (boolean second : List.of(false, true)) {
      life(calls, second, second ? "V2" : "");
      about(calls, second, second ? "V2" : "");
    }
    access(calls);
    stdio(calls);
  }

  private void create(Calls calls) {
    calls.unary(
        "SandboxCreate",
        SandboxCreateRequest.getDefaultInstance(),
        SandboxCreateResponse.getDefaultInstance(),
        q ->
            SandboxCreateResponse.newBuilder()
                .setSandboxId(
                    create(
                            new Sandboxes.Order(
                                false,
                                q.getAppId(),
                                apps.environmentOf(q.getAppId()),
                                q.getDefinition(),
                                q.getTagsList(),
                                variables(q.getDefinition(), List.of())))
                        .identity()
                        .id())
                .build());
    calls.unary(
        "SandboxCreateV2",
        SandboxCreateV2Request.getDefaultInstance(),
        SandboxCreateV2Response.getDefaultInstance(),
        this::createSecond);
  }

  private SandboxCreateV2Response createSecond(SandboxCreateV2Request q) throws IOException {
    if (q.getDefinition().getResources().getGpuConfig().getCount() > 0) {
      throw Status.INVALID_ARGUMENT.withDescription("no GPUs here").asRuntimeException();
    }
    List<SecretSource> sources = new ArrayList<>(q.getSecretSourcesList());
    sources.add(SecretSource.newBuilder().setEnv(q.getEphemeralSecrets()).build());
    LocalSandbox sandbox =
        create(
            new Sandboxes.Order(
                true,
                q.getAppId(),
                apps.environmentOf(q.getAppId()),
                q.getDefinition(),
                q.getTagsList(),
                variables(q.getDefinition(), sources)));
    String task = sandbox.identity().taskId();
    var reply =
        SandboxCreateV2Response.newBuilder()
            .setSandboxId(sandbox.identity().id())
            .setTaskId(task)
            .setCommandRouterAccess(
                CommandRouterAccess.newBuilder()
                    .setJwt(routerTokens.issue(task))
                    .setUrl(routerUrl));
    // Ports that are not encrypted are known later only.
    if (q.getDefinition().getOpenPorts().getPortsList().stream()
        .noneMatch(PortSpec::getUnencrypted)) {
      reply.addAllTunnels(tunnels.of(sandbox));
    }
    return reply.build();
  }

  private Map<String, String> variables(Sandbox definition, List<SecretSource> sources) {
    List<SecretSource> all = new ArrayList<>();
    definition
        .getSecretIdsList()
        .forEach(id -> all.add(SecretSource.newBuilder().setSecretId(id).build()));
    all.add(SecretSource.newBuilder().setEnv(definition.getEnvironmentVariables()).build());
    all.addAll(sources);
    return secrets.merge(all);
  }

  private LocalSandbox create(Sandboxes.Order order) throws IOException {
    String key = Gate.header("x-idempotency-key");
    synchronized (byIdempotencyKey) {
      LocalSandbox known = byIdempotencyKey.get(key);
      if (known != null) {
        return known;
      }
    }
    LocalSandbox sandbox = sandboxes.create(order, images.require(order.definition().getImageId()));
    tunnels.open(sandbox);
    synchronized (byIdempotencyKey) {
      if (!key.isEmpty()) {
        byIdempotencyKey.put(key, sandbox);
      }
    }
    return sandbox;
  }

  private void life(Calls calls, boolean second, String suffix) {
    calls.unary(
        "SandboxGetTaskId" + suffix,
        SandboxGetTaskIdRequest.getDefaultInstance(),
        SandboxGetTaskIdResponse.getDefaultInstance(),
        q ->
            SandboxGetTaskIdResponse.newBuilder()
                .setTaskId(sandboxes.require(q.getSandboxId(), second).identity().taskId())
                .build());
    calls.unary(
        "SandboxWait" + suffix,
        SandboxWaitRequest.getDefaultInstance(),
        SandboxWaitResponse.getDefaultInstance(),
        q -> {
          var reply = SandboxWaitResponse.newBuilder();
          try {
            reply.setResult(
                sandboxes
                    .require(q.getSandboxId(), second)
                    .result()
                    .get((long) (q.getTimeout() * 1000), TimeUnit.MILLISECONDS));
          } catch (TimeoutException stillRunning) {
            reply.clearResult();
          }
          return reply.build();
        });
    calls.unary(
        "SandboxTerminate" + suffix,
        SandboxTerminateRequest.getDefaultInstance(),
        SandboxTerminateResponse.getDefaultInstance(),
        q -> {
          LocalSandbox sandbox = sandboxes.require(q.getSandboxId(), second);
          var reply = SandboxTerminateResponse.newBuilder();
          GenericResult known = sandbox.result().getNow(null);
          if (known != null) {
            reply.setExistingResult(known);
          }
          sandbox.end(Sandboxes.result(GenericStatus.GENERIC_STATUS_TERMINATED, 137));
          return reply.build();
        });
    calls.unary(
        "SandboxGetTunnels" + suffix,
        SandboxGetTunnelsRequest.getDefaultInstance(),
        SandboxGetTunnelsResponse.getDefaultInstance(),
        q ->
            SandboxGetTunnelsResponse.newBuilder()
                .addAllTunnels(tunnels.of(sandboxes.require(q.getSandboxId(), second)))
                .build());
  }

  private void about(Calls calls, boolean second, String suffix) {
    calls.unary(
        "SandboxList" + suffix,
        SandboxListRequest.getDefaultInstance(),
        SandboxListResponse.getDefaultInstance(),
        q -> listing.page(q, second));
    calls.unary(
        "SandboxGetFromName" + suffix,
        SandboxGetFromNameRequest.getDefaultInstance(),
        SandboxGetFromNameResponse.getDefaultInstance(),
        q ->
            SandboxGetFromNameResponse.newBuilder()
                .setSandboxId(listing.named(q, second).identity().id())
                .build());
    calls.unary(
        "SandboxTagsSet" + suffix,
        SandboxTagsSetRequest.getDefaultInstance(),
        Empty.getDefaultInstance(),
        q -> {
          for (SandboxTag tag : q.getTagsList()) {
            if (tag.getTagName().isEmpty()) {
              throw Status.INVALID_ARGUMENT
                  .withDescription("a tag needs a name")
                  .asRuntimeException();
            }
          }
          sandboxes.require(q.getSandboxId(), second).setTags(q.getTagsList());
          return Empty.getDefaultInstance();
        });
    calls.unary(
        "SandboxTagsGet" + suffix,
        SandboxTagsGetRequest.getDefaultInstance(),
        SandboxTagsGetResponse.getDefaultInstance(),
        q ->
            SandboxTagsGetResponse.newBuilder()
                .addAllTags(sandboxes.require(q.getSandboxId(), second).tags())
                .build());
    calls.unary(
        "SandboxCreateConnectToken" + suffix,
        SandboxCreateConnectTokenRequest.getDefaultInstance(),
        SandboxCreateConnectTokenResponse.getDefaultInstance(),
        q -> {
          LocalSandbox sandbox = sandboxes.require(q.getSandboxId(), second);
          return SandboxCreateConnectTokenResponse.newBuilder()
              .setUrl("https://" + sandbox.identity().id() + ".connect.invalid")
              .setToken(routerTokens.issue("connect-" + sandbox.identity().id()))
              .build();
        });
  }

  private void access(Calls calls) {
    calls.unary(
        "TaskGetCommandRouterAccess",
        TaskGetCommandRouterAccessRequest.getDefaultInstance(),
        TaskGetCommandRouterAccessResponse.getDefaultInstance(),
        q -> {
          LocalSandbox sandbox = sandboxes.requireTask(q.getTaskId());
          return TaskGetCommandRouterAccessResponse.newBuilder()
              .setJwt(routerTokens.issue(sandbox.identity().taskId()))
              .setUrl(routerUrl)
              .build();
        });
    calls.unary(
        "SandboxGetCommandRouterAccess",
        SandboxGetCommandRouterAccessRequest.getDefaultInstance(),
        SandboxGetCommandRouterAccessResponse.getDefaultInstance(),
        q -> {
          LocalSandbox sandbox = sandboxes.require(q.getSandboxId(), true);
          return SandboxGetCommandRouterAccessResponse.newBuilder()
              .setJwt(routerTokens.issue(sandbox.identity().taskId()))
              .setUrl(routerUrl)
              .build();
        });
    calls.unary(
        "SandboxSetName",
        SandboxSetNameRequest.getDefaultInstance(),
        SandboxSetNameResponse.getDefaultInstance(),
        q -> {
          sandboxes.rename(sandboxes.require(q.getSandboxId(), true), q.getName());
          return SandboxSetNameResponse.getDefaultInstance();
        });
  }

  private void stdio(Calls calls) {
    calls.streaming(
        "SandboxGetLogs",
        SandboxGetLogsRequest.getDefaultInstance(),
        TaskLogsBatch.getDefaultInstance(),
        (q, output) ->
            new EntrypointLogs(sandboxes.require(q.getSandboxId(), false)).send(q, output));
    calls.unary(
        "SandboxStdinWrite",
        SandboxStdinWriteRequest.getDefaultInstance(),
        SandboxStdinWriteResponse.getDefaultInstance(),
        q -> {
          sandboxes
              .require(q.getSandboxId(), false)
              .writeNumbered(q.getIndex(), q.getInput(), q.getEof());
          return SandboxStdinWriteResponse.getDefaultInstance();
        });
  }
}
