// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * The calls of one gRPC service, each a blocking function that runs on a virtual thread of its own.
 * A call the client cancels interrupts its thread.
 */
final class Calls {
  /** One request, one response. */
  @FunctionalInterface
  interface Unary<Q, R> {
    R answer(Q request) throws Exception;
  }

  /** One request, many responses. */
  @FunctionalInterface
  interface Streaming<Q, R> {
    void answer(Q request, Output<R> output) throws Exception;
  }

  /** Many requests, one response. */
  @FunctionalInterface
  interface Uploading<Q, R> {
    R answer(Input<Q> input) throws Exception;
  }

  /** Where responses go; blocks while the client is slow. */
  @FunctionalInterface
  interface Output<R> {
    void send(R response) throws InterruptedException;
  }

  /** Where requests come from; empty at the end. */
  @FunctionalInterface
  interface Input<Q> {
    Optional<Q> next() throws InterruptedException;
  }

  private final String service;
  private final ServerServiceDefinition.Builder methods;

  Calls(String service) {
    this.service = service;
    this.methods = ServerServiceDefinition.builder(service);
  }

  ServerServiceDefinition build() {
    return methods.build();
  }

  <Q extends Message, R extends Message> void unary(
      String name, Q request, R response, Unary<Q, R> body) {
    methods.addMethod(
        method(name, MethodType.UNARY, request, response),
        ServerCalls.asyncUnaryCall(
            (Q q, StreamObserver<R> observer) ->
                start(
                    name,
                    observer,
                    () -> {
                      observer.onNext(body.answer(q));
                      observer.onCompleted();
                    })));
  }

  <Q extends Message, R extends Message> void streaming(
      String name, Q request, R response, Streaming<Q, R> body) {
    methods.addMethod(
        method(name, MethodType.SERVER_STREAMING, request, response),
        ServerCalls.asyncServerStreamingCall(
            (Q q, StreamObserver<R> observer) -> {
              var call = (ServerCallStreamObserver<R>) observer;
              Semaphore ready = new Semaphore(0);
              call.setOnReadyHandler(ready::release);
              start(
                  name,
                  observer,
                  () -> {
                    body.answer(
                        q,
                        item -> {
                          while (!call.isReady()) {
                            ready.acquire();
                          }
                          call.onNext(item);
                        });
                    call.onCompleted();
                  });
            }));
  }

  <Q extends Message, R extends Message> void uploading(
      String name, Q request, R response, Uploading<Q, R> body) {
    methods.addMethod(
        method(name, MethodType.CLIENT_STREAMING, request, response),
        ServerCalls.asyncClientStreamingCall(
            (StreamObserver<R> observer) -> {
              var call = (ServerCallStreamObserver<R>) observer;
              var queue = new LinkedBlockingQueue<Optional<Q>>();
              call.disableAutoRequest();
              start(
                  name,
                  observer,
                  () -> {
                    R answer =
                        body.answer(
                            () -> {
                              call.request(1);
                              return queue.take();
                            });
                    observer.onNext(answer);
                    observer.onCompleted();
                  });
              return new StreamObserver<>() {
                @Override
                public void onNext(Q item) {
                  queue.add(Optional.of(item));
                }

                @Override
                public void onError(Throwable t) {
                  // The cancel handler interrupts the call's thread.
                }

                @Override
                public void onCompleted() {
                  queue.add(Optional.empty());
                }
              };
            }));
  }

  private <Q extends Message, R extends Message> MethodDescriptor<Q, R> method(
      String name, MethodType type, Q request, R response) {
    return MethodDescriptor.<Q, R>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
        .setRequestMarshaller(ProtoUtils.marshaller(request))
        .setResponseMarshaller(ProtoUtils.marshaller(response))
        .build();
  }

  /** What a call does, up to its end. */
  @FunctionalInterface
  private interface Body {
    void run() throws Exception;
  }

  private static void start(String name, StreamObserver<?> observer, Body body) {
    var call = (ServerCallStreamObserver<?>) observer;
    Thread thread =
        Thread.ofVirtual()
            .name("call-" + name)
            .unstarted(
                io.grpc.Context.current()
                    .wrap(
                        () -> {
                          try {
                            body.run();
                          } catch (Exception e) {
                            fail(call, name, e);
                          }
                        }));
    call.setOnCancelHandler(thread::interrupt);
    thread.start();
  }

  private static void fail(ServerCallStreamObserver<?> call, String name, Exception e) {
    if (call.isCancelled()) {
      return; // nobody listens any more
    }
    Status status = Status.fromThrowable(e);
    call.onError(
        status.getCode() == Status.Code.UNKNOWN
            ? Status.INTERNAL
                .withDescription(name + " failed: " + e)
                .withCause(e)
                .asRuntimeException()
            : e);
  }
}
