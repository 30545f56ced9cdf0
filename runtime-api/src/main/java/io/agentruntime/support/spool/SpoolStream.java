// SPDX-License-Identifier: MIT

package io.agentruntime.support.spool;

/** An output stream of a process. */
public enum SpoolStream {
  /** Standard output: blocks the program when its limit is reached. */
  OUT("out"),
  /** Standard error: loses its oldest part when it grows too long. */
  ERR("err");

  private final String fileName;

  SpoolStream(String fileName) {
    this.fileName = fileName;
  }

  /** The name of its file in the spool folder. */
  public String fileName() {
    return fileName;
  }
}
