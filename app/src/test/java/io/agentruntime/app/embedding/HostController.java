// SPDX-License-Identifier: MIT

package io.agentruntime.app.embedding;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;

/** The routes of an application that ours are part of. */
@Controller
@Requires(property = HostController.PROPERTY)
final class HostController {
  static final String PROPERTY = "host.routes";

  @Get("/hello")
  String hello() {
    return "hello";
  }

  @Get("/health")
  String health() {
    return "the host is well";
  }

  @Get("/broken")
  String broken() {
    throw new IllegalStateException("broken");
  }
}
