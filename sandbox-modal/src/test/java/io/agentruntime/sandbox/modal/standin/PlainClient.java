// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import com.google.protobuf.Message;
import io.agentruntime.sandbox.modal.wire.*;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.util.Iterator;
import java.util.List;

/** A client that does as it is told, for what no proper client would do. */
final class PlainClient implements AutoCloseable {
  private final ManagedChannel control;
  private final StandIn standIn;
  private ManagedChannel router;

  PlainClient(StandIn standIn) {
    this.standIn = standIn;
    this.control = channel(standIn.serverUrl());
    this.router = control;
  }

  private static ManagedChannel channel(URI url) {
    return NettyChannelBuilder.forAddress(url.getHost(), url.getPort()).usePlaintext().build();
  }

  /** The headers of every call but those with a token. */
  Metadata credentials() {
    return metadata(
        "x-modal-client-type",
        "8",
        "x-modal-client-version",
        "1.0.0",
        "x-modal-token-id",
        standIn.settings().tokenId(),
        "x-modal-token-secret",
        standIn.settings().tokenSecret());
  }

  static Metadata metadata(String... pairs) {
    Metadata headers = new Metadata();
    for (int i = 0; i < pairs.length; i += 2) {
      headers.put(Gate.key(pairs[i]), pairs[i + 1]);
    }
    return headers;
  }

  /** The headers of every call, with a fresh token. */
  Metadata authenticated() {
    Metadata headers = credentials();
    String token =
        control(
                "AuthTokenGet",
                AuthTokenGetRequest.getDefaultInstance(),
                AuthTokenGetResponse.getDefaultInstance(),
                headers)
            .getToken();
    headers.put(Gate.key("x-modal-auth-token"), token);
    return headers;
  }

  <Q extends Message, R extends Message> R control(
      String call, Q request, R response, Metadata headers) {
    return ClientCalls.blockingUnaryCall(
        ClientInterceptors.intercept(control, MetadataUtils.newAttachHeadersInterceptor(headers)),
        method(ControlPlane.SERVICE, call, MethodType.UNARY, request, response),
        CallOptions.DEFAULT,
        request);
  }

  <Q extends Message, R extends Message> R router(
      String call, Q request, R response, CommandRouterAccess access) {
    return ClientCalls.blockingUnaryCall(
        ClientInterceptors.intercept(
            routerChannel(access), MetadataUtils.newAttachHeadersInterceptor(bearer(access))),
        method(CommandRouter.SERVICE, call, MethodType.UNARY, request, response),
        CallOptions.DEFAULT,
        request);
  }

  <Q extends Message, R extends Message> Iterator<R> routerStream(
      String call, Q request, R response, CommandRouterAccess access) {
    return ClientCalls.blockingServerStreamingCall(
        ClientInterceptors.intercept(
            routerChannel(access), MetadataUtils.newAttachHeadersInterceptor(bearer(access))),
        method(CommandRouter.SERVICE, call, MethodType.SERVER_STREAMING, request, response),
        CallOptions.DEFAULT,
        request);
  }

  private static Metadata bearer(CommandRouterAccess access) {
    return metadata("authorization", "Bearer " + access.getJwt());
  }

  private ManagedChannel routerChannel(CommandRouterAccess access) {
    if (router == control) {
      router = channel(URI.create(access.getUrl()));
    }
    return router;
  }

  private static <Q extends Message, R extends Message> MethodDescriptor<Q, R> method(
      String service, String call, MethodType type, Q request, R response) {
    @SuppressWarnings("unchecked")
    Q prototype = (Q) request.getDefaultInstanceForType();
    return MethodDescriptor.<Q, R>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, call))
        .setRequestMarshaller(ProtoUtils.marshaller(prototype))
        .setResponseMarshaller(ProtoUtils.marshaller(response))
        .build();
  }

  /** An app of this name and an image without anything of its own, built. */
  String app(String name) {
    return control(
            "AppGetOrCreate",
            AppGetOrCreateRequest.newBuilder()
                .setAppName(name)
                .setObjectCreationType(ObjectCreationType.OBJECT_CREATION_TYPE_CREATE_IF_MISSING)
                .build(),
            AppGetOrCreateResponse.getDefaultInstance(),
            authenticated())
        .getAppId();
  }

  /** The id of an image of these instructions, when it is built. */
  String image(String app, List<String> instructions) {
    ImageGetOrCreateRequest request =
        ImageGetOrCreateRequest.newBuilder()
            .setAppId(app)
            .setImage(Image.newBuilder().addAllDockerfileCommands(instructions))
            .build();
    String id =
        control(
                "ImageGetOrCreate",
                request,
                ImageGetOrCreateResponse.getDefaultInstance(),
                authenticated())
            .getImageId();
    Iterator<ImageJoinStreamingResponse> news =
        ClientCalls.blockingServerStreamingCall(
            ClientInterceptors.intercept(
                control, MetadataUtils.newAttachHeadersInterceptor(authenticated())),
            method(
                ControlPlane.SERVICE,
                "ImageJoinStreaming",
                MethodType.SERVER_STREAMING,
                ImageJoinStreamingRequest.getDefaultInstance(),
                ImageJoinStreamingResponse.getDefaultInstance()),
            CallOptions.DEFAULT,
            ImageJoinStreamingRequest.newBuilder().setImageId(id).setTimeout(55).build());
    while (news.hasNext() && !news.next().hasResult()) {
      // on to the result
    }
    return id;
  }

  @Override
  public void close() {
    control.shutdownNow();
    router.shutdownNow();
  }
}
