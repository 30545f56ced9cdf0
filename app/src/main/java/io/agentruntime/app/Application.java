package io.agentruntime.app;

import io.micronaut.runtime.Micronaut;

/** Starts the server. */
public final class Application {
  private Application() {}

  /** Starts the server with the given command line. */
  public static void main(String[] args) {
    Micronaut.build(args).mainClass(Application.class).banner(false).start();
  }
}
