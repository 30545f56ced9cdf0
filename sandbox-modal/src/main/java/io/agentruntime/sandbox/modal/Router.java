// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.agentruntime.sandbox.modal.grpc.GrpcCall;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcRequest;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import io.agentruntime.sandbox.modal.wire.SandboxGetCommandRouterAccessRequest;
import io.agentruntime.sandbox.modal.wire.SandboxGetCommandRouterAccessResponse;
import io.agentruntime.sandbox.modal.wire.TaskGetCommandRouterAccessRequest;
import io.agentruntime.sandbox.modal.wire.TaskGetCommandRouterAccessResponse;
import io.agentruntime.sandbox.support.Pause;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The command router of one sandbox, which runs programs in it. Access to it is fetched when it is
 * first needed and again when it was refused. Thread-safe.
 */
final class Router {
  private static final String SERVICE = "/modal.task_command_router.TaskCommandRouter/";

  private final ControlPlane modal;
  private final String sandboxId;
  private final String taskId;
  private final Shared<Access> fetched = new Shared<>("modal-router-access", this::fetch);
  private volatile @Nullable Access access;

  /**
   * How a router is reached.
   *
   * @param jwt secret
   */
  record Access(URI server, String jwt) {
    /**
     * What Modal told.
     *
     * @param url always {@code https}; a control plane without TLS has routers without it
     */
    static Access of(ModalSettings settings, String url, String jwt) {
      URI told = URI.create(url.endsWith("/") ? url : url + "/");
      boolean plain = "http".equals(settings.serverUrl().getScheme());
      int port = told.getPort() == -1 ? 443 : told.getPort();
      return new Access(
          URI.create((plain ? "http" : "https") + "://" + told.getHost() + ":" + port + "/"), jwt);
    }

    @Override
    public String toString() {
      return "Access[" + server + "]";
    }
  }

  Router(ControlPlane modal, String sandboxId, String taskId, @Nullable Access access) {
    this.modal = modal;
    this.sandboxId = sandboxId;
    this.taskId = taskId;
    this.access = access;
  }

  String taskId() {
    return taskId;
  }

  /**
   * Makes a call, several times if need be; every call of a router can be repeated.
   *
   * @param timeout for each attempt
   */
  <T> T call(String rpc, MessageLite request, Parser<T> parser, Duration timeout)
      throws GrpcException, InterruptedException {
    boolean refused = false;
    for (int attempt = 1; ; attempt++) {
      Access present = access();
      try {
        return Unary.call(
            modal.transport(), request(present, rpc, request, timeout), parser, timeout, _ -> {});
      } catch (GrpcException e) {
        if (e.status() == GrpcStatus.UNAUTHENTICATED && !refused) {
          refused = true;
          refused(present);
          continue;
        }
        if (!Retry.isTransient(e) || attempt > Retry.ROUTER.attempts()) {
          throw e;
        }
        Pause.of(Retry.ROUTER.pause(attempt));
      }
    }
  }

  /** The same within the configured time. */
  <T> T call(String rpc, MessageLite request, Parser<T> parser)
      throws GrpcException, InterruptedException {
    return call(rpc, request, parser, modal.settings().requestTimeout());
  }

  /** Starts a call whose reply is a stream. The caller closes it. */
  Streaming stream(String rpc, MessageLite request) throws GrpcException, InterruptedException {
    Access present = access();
    return new Streaming(
        modal.transport().start(request(present, rpc, request, null)), () -> refused(present));
  }

  /**
   * A stream and what to do when it ends by UNAUTHENTICATED.
   *
   * @param refused makes the next call fetch access again
   */
  record Streaming(GrpcCall call, Runnable refused) implements AutoCloseable {
    @Override
    public void close() {
      call.close();
    }
  }

  private void refused(Access old) {
    if (access == old) {
      access = null;
    }
  }

  private static GrpcRequest request(
      Access access, String rpc, MessageLite request, @Nullable Duration timeout) {
    return new GrpcRequest(
        access.server,
        SERVICE + rpc,
        Map.of("authorization", "Bearer " + access.jwt),
        request.toByteArray(),
        timeout);
  }

  private Access access() throws GrpcException, InterruptedException {
    Access present = access;
    if (present == null) {
      present = fetched.await();
      access = present;
    }
    return present;
  }

  private Access fetch() throws GrpcException, InterruptedException {
    if (Backend.of(sandboxId) == Backend.V1) {
      TaskGetCommandRouterAccessResponse told =
          modal.call(
              "TaskGetCommandRouterAccess",
              TaskGetCommandRouterAccessRequest.newBuilder().setTaskId(taskId).build(),
              TaskGetCommandRouterAccessResponse.parser());
      return Access.of(modal.settings(), told.getUrl(), told.getJwt());
    }
    SandboxGetCommandRouterAccessResponse told =
        modal.call(
            "SandboxGetCommandRouterAccess",
            SandboxGetCommandRouterAccessRequest.newBuilder().setSandboxId(sandboxId).build(),
            SandboxGetCommandRouterAccessResponse.parser());
    return Access.of(modal.settings(), told.getUrl(), told.getJwt());
  }
}
