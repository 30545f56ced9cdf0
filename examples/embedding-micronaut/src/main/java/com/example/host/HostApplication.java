package com.example.host;

import io.micronaut.runtime.Micronaut;

/** An application that has other things to do than to run agents. */
public final class HostApplication {
  private HostApplication() {}

  /** Starts it. */
  public static void main(String[] args) {
    Micronaut.run(HostApplication.class, args);
  }
}
