// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

/**
 * Modal has two kinds of sandboxes side by side, with calls of their own; the shape of an id tells
 * which kind it is.
 */
enum Backend {
  V1(""),
  V2("V2");

  private final String suffix;

  Backend(String suffix) {
    this.suffix = suffix;
  }

  /** The kind of a sandbox. */
  static Backend of(String sandboxId) {
    return sandboxId.matches("sb-[0-9A-Za-z]{22}") ? V1 : V2;
  }

  /** The name of a call. */
  String rpc(String name) {
    return name + suffix;
  }
}
