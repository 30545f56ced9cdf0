package com.example.persistencehttp;

import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.persistence.PersistenceAdapterContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

// tag::contract[]
/** One service for all tests, whose sessions have ids of their own. */
class HttpPersistenceAdapterTest extends PersistenceAdapterContract {
  @TempDir static Path blobs;
  private static RestBackEnd backEnd;

  @BeforeAll
  static void startBackEnd() throws IOException {
    backEnd = new RestBackEnd(blobs, "");
  }

  @AfterAll
  static void stopBackEnd() {
    backEnd.close();
  }

  @Override
  protected PersistenceAdapter newAdapter() {
    return new HttpPersistenceAdapter();
  }

  @Override
  protected Map<String, String> settings(Path dataDirectory) {
    return Map.of("url", backEnd.url());
  }
}
// end::contract[]
