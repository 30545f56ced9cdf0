// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The file tool's watch: a JSON line per change, until its stdin or its time ends. */
final class FileWatch {
  private final Path start;
  private final String name;
  private final JsonNode options;
  private final Spool in;
  private final Spool out;
  private final Map<WatchKey, Path> folders = new HashMap<>();

  FileWatch(Path start, String name, JsonNode options, Spool in, Spool out) {
    this.start = start;
    this.name = name;
    this.options = options;
    this.in = in;
    this.out = out;
  }

  void run() throws IOException, InterruptedException {
    if (!Files.exists(start)) {
      throw new NoSuchFileException(name);
    }
    try (WatchService service = start.getFileSystem().newWatchService()) {
      Path folder = Files.isDirectory(start) ? start : start.toAbsolutePath().getParent();
      register(service, Objects.requireNonNull(folder, "folder"));
      Thread stopper = Thread.ofVirtual().name("watch-end").start(() -> awaitEnd(service));
      try {
        while (true) {
          report(service.take(), service);
        }
      } catch (ClosedWatchServiceException e) {
        // Told to stop: a good end.
      } finally {
        stopper.interrupt();
      }
    }
  }

  private void awaitEnd(WatchService service) {
    JsonNode limit = options.path("timeout_secs");
    long nanos = limit.isNumber() ? TimeUnit.SECONDS.toNanos(limit.asLong()) : Long.MAX_VALUE;
    try {
      byte[] unused = in.read(0, 1, nanos);
      service.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the watch has ended before
    }
  }

  private void register(WatchService service, Path folder) throws IOException {
    folders.put(
        folder.register(
            service,
            StandardWatchEventKinds.ENTRY_CREATE,
            StandardWatchEventKinds.ENTRY_MODIFY,
            StandardWatchEventKinds.ENTRY_DELETE),
        folder);
    if (options.path("recursive").asBoolean()) {
      try (Stream<Path> children = Files.list(folder)) {
        for (Path child : children.toList()) {
          if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
            register(service, child);
          }
        }
      }
    }
  }

  private void report(WatchKey key, WatchService service) throws IOException {
    Path folder = Objects.requireNonNull(folders.get(key), "an unknown key");
    Set<String> wanted = new HashSet<>();
    options.path("filter").forEach(type -> wanted.add(type.asText()));
    for (WatchEvent<?> event : key.pollEvents()) {
      if (!(event.context() instanceof Path relative)) {
        continue; // an overflow names no file
      }
      Path file = folder.resolve(relative);
      if (event.kind() == StandardWatchEventKinds.ENTRY_CREATE
          && options.path("recursive").asBoolean()
          && Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        register(service, file);
      }
      String type = type(event.kind());
      boolean ours = Files.isDirectory(start) || file.equals(start);
      if (ours && (!options.path("filter").isArray() || wanted.contains(type))) {
        ObjectNode line = FileTool.object();
        line.put("event_type", type);
        line.putArray("paths").add(inside(file));
        out.append(FileTool.line(line));
      }
    }
    key.reset();
  }

  private String inside(Path file) {
    String relative = start.relativize(file).toString();
    return relative.isEmpty() ? name : (name.endsWith("/") ? name : name + "/") + relative;
  }

  private static String type(WatchEvent.Kind<?> kind) {
    if (kind == StandardWatchEventKinds.ENTRY_CREATE) {
      return "Create";
    }
    return kind == StandardWatchEventKinds.ENTRY_DELETE ? "Remove" : "Modify";
  }
}
