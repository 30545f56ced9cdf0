// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The program in every sandbox that reads and changes files, one JSON command per run: content on
 * stdin and stdout, a failure as JSON on stderr.
 */
final class FileTool {
  static final String PATH = "/__modal/.bin/modal-sandbox-fs-tools";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHUNK = 256 * 1024;

  private final Machine machine;
  private final Spool in;
  private final Spool out;
  private final Spool err;

  FileTool(Machine machine, Spool in, Spool out, Spool err) {
    this.machine = machine;
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /** A refusal of the tool, by kind. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1;
    private final String kind;

    Refused(String kind, String message) {
      super(message);
      this.kind = kind;
    }
  }

  /** Runs a command line to its end. Its exit status. */
  int run(List<String> commandLine) throws IOException, InterruptedException {
    Map.Entry<String, JsonNode> command =
        JSON.readTree(commandLine.get(1)).properties().iterator().next();
    try {
      perform(command.getKey(), command.getValue());
      return 0;
    } catch (Refused e) {
      return refuse(e.kind, String.valueOf(e.getMessage()));
    } catch (NoSuchFileException e) {
      return refuse("NotFound", "No such file or directory");
    } catch (DirectoryNotEmptyException e) {
      return refuse("DirectoryNotEmpty", "Directory not empty");
    } catch (AccessDeniedException e) {
      return refuse("PermissionDenied", "Permission denied");
    } catch (FileSystemException e) {
      boolean readOnly = String.valueOf(e.getReason()).contains("Read-only");
      boolean notFolder = String.valueOf(e.getReason()).contains("Not a directory");
      return refuse(
          readOnly ? "PermissionDenied" : notFolder ? "NotDirectory" : "Other", e.toString());
    }
  }

  private int refuse(String kind, String message) throws IOException {
    ObjectNode payload = JSON.createObjectNode();
    payload.put("error_kind", kind).put("message", message).put("detail", "");
    err.append(JSON.writeValueAsBytes(payload));
    return 1;
  }

  private void perform(String name, JsonNode options) throws IOException, InterruptedException {
    String path = options.path("path").asText();
    switch (name) {
      case "ReadFile" -> read(machine.outside(path, true));
      case "WriteFile" -> write(machine.changeable(path, true));
      case "ListFiles" -> list(path);
      case "Stat" -> {
        Path file = machine.outside(path, false);
        requireFolders(file);
        out.append(JSON.writeValueAsBytes(FileEntry.of(file, path)));
      }
      case "MakeDirectory" ->
          makeFolder(machine.changeable(path, true), options.path("parents").asBoolean());
      case "Remove" ->
          remove(machine.changeable(path, false), options.path("recursive").asBoolean());
      case "Watch" -> new FileWatch(machine.outside(path, true), path, options, in, out).run();
      default -> throw new Refused("NotSupported", "unknown command " + name);
    }
  }

  private void read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new Refused("IsDirectory", "Is a directory");
    }
    try (var content = Files.newInputStream(file)) {
      byte[] chunk = content.readNBytes(CHUNK);
      while (chunk.length > 0) {
        out.append(chunk);
        chunk = content.readNBytes(CHUNK);
      }
    }
  }

  private void write(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new Refused("IsDirectory", "Is a directory");
    }
    Path folder = file.toAbsolutePath().getParent();
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new Refused("AlreadyExists", "A parent is not a directory");
    }
    Path next = Files.createTempFile(folder, ".write", ".tmp");
    try {
      try (var content = in.stream()) {
        Files.copy(content, next, StandardCopyOption.REPLACE_EXISTING);
      }
      FileEntry.copyMode(file, next);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  private void list(String path) throws IOException {
    Path folder = machine.outside(path, true);
    if (!Files.exists(folder)) {
      throw new NoSuchFileException(path);
    }
    if (!Files.isDirectory(folder)) {
      throw new Refused("NotDirectory", "Not a directory");
    }
    var entries = JSON.createArrayNode();
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.sorted().toList()) {
        String inside = (path.endsWith("/") ? path : path + "/") + child.getFileName();
        entries.add(FileEntry.of(child, inside));
      }
    }
    out.append(JSON.writeValueAsBytes(entries));
  }

  private void makeFolder(Path folder, boolean parents) throws IOException {
    try {
      if (parents) {
        Files.createDirectories(folder);
      } else {
        requireFolders(folder);
        Files.createDirectory(folder);
      }
    } catch (FileAlreadyExistsException e) {
      throw parents
          ? new Refused("NotDirectory", "Not a directory")
          : new Refused("PathAlreadyExists", "File exists");
    }
  }

  private static void remove(Path file, boolean recursive) throws IOException {
    if (recursive && Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> all = Files.walk(file)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    } else {
      Files.delete(file);
    }
  }

  private static void requireFolders(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new Refused("NotDirectory", "Not a directory");
    }
  }

  static byte[] line(JsonNode node) throws IOException {
    return (JSON.writeValueAsString(node) + "\n").getBytes(UTF_8);
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }
}
