// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.agentruntime.sandbox.modal.wire.*;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The control plane but for sandboxes: credentials, environments, apps, images, secrets.
 * Thread-safe.
 */
final class ControlPlane {
  static final String SERVICE = "modal.client.ModalClient";
  private static final String BUILDER_VERSION = "2025.06";
  private static final Set<String> REQUIRED =
      Set.of("x-modal-client-type", "x-modal-client-version");
  private static final String SUBJECT = "control-plane";

  private final StandInSettings settings;
  private final Tokens tokens;
  private final Apps apps;
  private final Images images;
  private final Secrets secrets;
  private final SandboxCalls sandboxes;

  ControlPlane(
      StandInSettings settings,
      Tokens tokens,
      Apps apps,
      Images images,
      Secrets secrets,
      SandboxCalls sandboxes) {
    this.settings = settings;
    this.tokens = tokens;
    this.apps = apps;
    this.images = images;
    this.secrets = secrets;
    this.sandboxes = sandboxes;
  }

  ServerServiceDefinition service() {
    Calls calls = new Calls(SERVICE);
    account(calls);
    images(calls);
    sandboxes.register(calls);
    return calls.build();
  }

  /** Why a call is refused, if it is. */
  Optional<Status> guard(String call, Metadata headers) {
    for (String header : REQUIRED) {
      if (headers.get(Gate.key(header)) == null) {
        return Optional.of(Status.INVALID_ARGUMENT.withDescription("no header " + header));
      }
    }
    if (!settings.tokenId().equals(headers.get(Gate.key("x-modal-token-id")))
        || !settings.tokenSecret().equals(headers.get(Gate.key("x-modal-token-secret")))) {
      return Optional.of(Status.UNAUTHENTICATED.withDescription("Token validation failed"));
    }
    String token = headers.get(Gate.key("x-modal-auth-token"));
    if (!call.equals("AuthTokenGet") && (token == null || !tokens.isGood(token, SUBJECT))) {
      return Optional.of(Status.UNAUTHENTICATED.withDescription("Auth token is missing or over"));
    }
    return Optional.empty();
  }

  private void account(Calls calls) {
    calls.unary(
        "AuthTokenGet",
        AuthTokenGetRequest.getDefaultInstance(),
        AuthTokenGetResponse.getDefaultInstance(),
        q -> AuthTokenGetResponse.newBuilder().setToken(tokens.issue(SUBJECT)).build());
    calls.unary(
        "EnvironmentGetOrCreate",
        EnvironmentGetOrCreateRequest.getDefaultInstance(),
        EnvironmentGetOrCreateResponse.getDefaultInstance(),
        q -> {
          String name = apps.environment(q.getDeploymentName());
          return EnvironmentGetOrCreateResponse.newBuilder()
              .setEnvironmentId("en-" + name)
              .setMetadata(
                  EnvironmentMetadata.newBuilder()
                      .setName(name)
                      .setSettings(
                          EnvironmentSettings.newBuilder().setImageBuilderVersion(BUILDER_VERSION)))
              .build();
        });
    calls.unary(
        "AppGetOrCreate",
        AppGetOrCreateRequest.getDefaultInstance(),
        AppGetOrCreateResponse.getDefaultInstance(),
        q ->
            AppGetOrCreateResponse.newBuilder()
                .setAppId(
                    apps.getOrCreate(
                        q.getEnvironmentName(), q.getAppName(), q.getObjectCreationType()))
                .build());
    calls.unary(
        "SecretGetOrCreate",
        SecretGetOrCreateRequest.getDefaultInstance(),
        SecretGetOrCreateResponse.getDefaultInstance(),
        q -> SecretGetOrCreateResponse.newBuilder().setSecretId(secrets.getOrCreate(q)).build());
    calls.unary(
        "SecretDelete",
        SecretDeleteRequest.getDefaultInstance(),
        Empty.getDefaultInstance(),
        q -> {
          secrets.delete(q.getSecretId());
          return Empty.getDefaultInstance();
        });
  }

  private void images(Calls calls) {
    calls.unary(
        "ImageGetOrCreate",
        ImageGetOrCreateRequest.getDefaultInstance(),
        ImageGetOrCreateResponse.getDefaultInstance(),
        q -> {
          Images.Image image = images.getOrBuild(q);
          var reply = ImageGetOrCreateResponse.newBuilder().setImageId(image.id);
          GenericResult result = image.result().getNow(null);
          if (result != null) {
            reply.setResult(result);
          }
          return reply.build();
        });
    calls.streaming(
        "ImageJoinStreaming",
        ImageJoinStreamingRequest.getDefaultInstance(),
        ImageJoinStreamingResponse.getDefaultInstance(),
        this::join);
    calls.unary(
        "ImageFromId",
        ImageFromIdRequest.getDefaultInstance(),
        ImageFromIdResponse.getDefaultInstance(),
        q ->
            ImageFromIdResponse.newBuilder().setImageId(images.require(q.getImageId()).id).build());
    calls.unary(
        "ImageDelete",
        ImageDeleteRequest.getDefaultInstance(),
        Empty.getDefaultInstance(),
        q -> {
          images.delete(q.getImageId());
          return Empty.getDefaultInstance();
        });
    calls.unary(
        "ImageGetByTag",
        ImageGetByTagRequest.getDefaultInstance(),
        ImageGetByTagResponse.getDefaultInstance(),
        q ->
            ImageGetByTagResponse.newBuilder()
                .setImageId(images.tagged(tagOf(q.getEnvironmentName(), q.getTag())))
                .build());
    calls.unary(
        "ImagePublish",
        ImagePublishRequest.getDefaultInstance(),
        ImagePublishResponse.getDefaultInstance(),
        q -> {
          images.tag(tagOf(q.getEnvironmentName(), q.getTag()), q.getImageId());
          return ImagePublishResponse.getDefaultInstance();
        });
  }

  private String tagOf(String environment, String tag) {
    return apps.environment(environment) + "/" + tag;
  }

  private void join(ImageJoinStreamingRequest q, Calls.Output<ImageJoinStreamingResponse> output)
      throws InterruptedException {
    Images.Image image = images.require(q.getImageId());
    int next = q.getLastEntryId().isEmpty() ? 0 : Integer.parseInt(q.getLastEntryId());
    long deadline = System.nanoTime() + (long) (q.getTimeout() * 1e9);
    while (true) {
      boolean done = image.result().isDone();
      List<String> lines = image.log(next);
      if (!lines.isEmpty()) {
        next += lines.size();
        var batch = ImageJoinStreamingResponse.newBuilder().setEntryId(String.valueOf(next));
        lines.forEach(
            line ->
                batch.addTaskLogs(
                    TaskLogs.newBuilder()
                        .setData(line)
                        .setFileDescriptor(FileDescriptor.FILE_DESCRIPTOR_STDOUT)));
        output.send(batch.build());
      } else if (done) {
        output.send(
            ImageJoinStreamingResponse.newBuilder()
                .setResult(image.result().join())
                .setEof(true)
                .build());
        return;
      } else if (System.nanoTime() >= deadline) {
        return;
      } else {
        image.awaitLog(next, Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
      }
    }
  }
}
