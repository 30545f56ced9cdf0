package com.example.embedding;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingMainTest {
  @TempDir Path data;

  @Test
  void oneTurnIsPrintedAndEverythingIsClosed() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      EmbeddingMain.run(data, "Good morning.", out);
    }

    List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
    assertTrue(
        lines.containsAll(
            List.of(
                "user: Good morning.",
                "agent: You said: Good morning.",
                "loaded: 1",
                "unloaded: true",
                "loaded: 0",
                "closed")),
        lines::toString);
  }
}
