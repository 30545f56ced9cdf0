// SPDX-License-Identifier: MIT

package io.agentruntime.core.workspace;

import io.agentruntime.core.store.SessionStorage;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.WorkspaceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** The content of a stored file, read from the store when it is needed. */
record StoredContent(SessionStorage storage, WorkspaceFile file) implements Content {
  @Override
  public long size() {
    return file.size();
  }

  @Override
  public InputStream open() throws IOException {
    try {
      return storage.open(file);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("reading " + file.path());
    }
  }
}
