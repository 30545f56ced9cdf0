// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.requirement.Requirement;
import io.agentruntime.testkit.requirement.Requires;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a URL of MySQL is understood; the server behind it is MariaDB. */
@Requires(Requirement.DATABASES)
final class MysqlUrlIT {
  private @TempDir Path folder;

  @Test
  void aUrlOfMysqlIsSpokenToWithTheDriverOfMariaDb() throws InterruptedException {
    try (DatabaseServer server = DatabaseServer.mariadb();
        TestStore store = TestStore.on(folder, server.settings("jdbc:mysql"))) {
      PersistenceAdapter adapter = store.open();
      adapter.createSessionRecord(TestStore.record("s"));
      SessionId id = new SessionId("s");
      assertThat(adapter.events().append(List.of(TestStore.deltas(id, LeaseEpoch.NONE, 0, 3))))
          .containsExactly(new AppendResult.Appended(3));
      assertThat(adapter.events().read(id, 0, 10).events()).hasSize(3);
    }
  }
}
