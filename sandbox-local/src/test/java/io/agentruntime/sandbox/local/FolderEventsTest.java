// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host may have no events to give. */
class FolderEventsTest {
  @Test
  void withoutEventsOfTheHostEveryFolderIsRefusedSoThatItIsPolled(@TempDir Path folder) {
    try (FolderEvents events = new FolderEvents(null)) {
      assertThat(events.areGiven()).isFalse();
      assertThatThrownBy(() -> events.listen(folder, entry -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no events");
    }
  }
}
