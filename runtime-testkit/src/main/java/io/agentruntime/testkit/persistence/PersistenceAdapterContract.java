// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static java.util.Objects.requireNonNull;

import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.TestClock;
import io.agentruntime.testkit.TestProviderContext;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every persistence adapter must do. An author extends it and says how to make an adapter;
 * each nested class is one role. A declared capability must work; an undeclared one must be
 * refused.
 *
 * <p>Each test has an adapter and a folder of its own. What a test leaves in a shared database is
 * under ids of its own.
 */
@Timeout(300)
public abstract class PersistenceAdapterContract {
  private @TempDir @Nullable Path folder;
  private @Nullable PersistenceBench bench;

  /** A new adapter that has not been opened. */
  protected abstract PersistenceAdapter newAdapter();

  /**
   * The settings to open it with.
   *
   * @param dataDirectory the adapter's own folder in this test
   */
  protected Map<String, String> settings(Path dataDirectory) {
    return Map.of();
  }

  @BeforeEach
  final void openAdapter() throws InterruptedException {
    Path data = requireNonNull(folder);
    TestClock clock = new TestClock();
    TestProviderContext context = TestProviderContext.in(data, clock).with(settings(data));
    PersistenceBench opened = new PersistenceBench(this::newAdapter, context, clock);
    opened.open();
    bench = opened;
  }

  @AfterEach
  final void closeAdapter() {
    requireNonNull(bench).close();
  }

  private PersistenceBench requireBench() {
    return requireNonNull(bench);
  }

  @Nested
  final class LifeCycle extends LifeCycleContract {
    @Override
    PersistenceBench bench() {
      return requireBench();
    }
  }

  @Nested
  final class BasicOperations extends BasicOperationsContract {
    @Override
    PersistenceBench bench() {
      return requireBench();
    }
  }

  @Nested
  final class BasicFiles extends BasicFilesContract {
    @Override
    PersistenceBench bench() {
      return requireBench();
    }
  }

  @Nested
  final class Events extends EventStoreContract {
    @Override
    PersistenceBench bench() {
      return requireBench();
    }
  }

  @Nested
  final class Compaction extends CompactionContract {
    @Override
    PersistenceBench bench() {
      return requireBench();
    }
  }

  @Nested
  final class Transcripts extends TranscriptStoreContract {
    @Override
    PersistenceBench bench() {
      return requireBench();
    }
  }

  @Nested
  final class Workspaces extends WorkspaceStoreContract {
    @Override
    PersistenceBench bench() {
      return requireBench();
    }
  }

  @Nested
  final class Profiles extends ProfileStoreContract {
    @Override
    PersistenceBench bench() {
      return requireBench();
    }
  }

  @Nested
  final class Queries extends SessionQueryContract {
    @Override
    PersistenceBench bench() {
      return requireBench();
    }
  }

  @Nested
  final class Leases extends LeaseStoreContract {
    @Override
    PersistenceBench bench() {
      return requireBench();
    }
  }

  @Nested
  final class Fencing extends FencingContract {
    @Override
    PersistenceBench bench() {
      return requireBench();
    }
  }

  @Nested
  final class Deletion extends DeletionContract {
    @Override
    PersistenceBench bench() {
      return requireBench();
    }
  }

  @Nested
  final class Durability extends DurabilityContract {
    @Override
    PersistenceBench bench() {
      return requireBench();
    }
  }
}
