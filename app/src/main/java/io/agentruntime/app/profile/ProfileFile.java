// SPDX-License-Identifier: MIT

package io.agentruntime.app.profile;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.support.json.ProfileMaps;
import io.agentruntime.support.profile.ProjectFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads one profile from YAML, of which JSON is a part. Stateless. */
final class ProfileFile {
  private static final int MAX_BYTES = 8 << 20;
  private static final int MAX_ALIASES = 50;

  private ProfileFile() {}

  /**
   * Reads a file. A profile without an id has its file's name.
   *
   * @throws AgentRuntimeException {@code INVALID_ARGUMENT}, naming the file and what is wrong in it
   */
  static AgentProfile read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw AgentRuntimeException.invalid(
            "profile file " + file, "at most " + MAX_BYTES + " bytes");
      }
      Map<String, Object> fields =
          fields(Files.readString(file), baseName(file), "profile file " + file);
      return ProfileMaps.read(fields, new ProjectFolder(folderOf(file)));
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.INVALID_ARGUMENT, "profile file " + file + " cannot be read", e);
    } catch (AgentRuntimeException e) {
      throw new AgentRuntimeException(
          StandardError.INVALID_ARGUMENT, "profile file " + file + ": " + e.getMessage(), e);
    }
  }

  /** A profile that comes with the server. */
  static AgentProfile ofServer(String name) {
    String resource = "/profiles/" + name + ".yaml";
    try (InputStream in = ProfileFile.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the server's jar has no " + resource);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return ProfileMaps.read(fields(text, name, resource));
    } catch (IOException e) {
      throw new IllegalStateException("the server's jar cannot be read", e);
    }
  }

  static String baseName(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.'));
  }

  private static Path folderOf(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? Path.of("/") : folder;
  }

  private static Map<String, Object> fields(String text, String name, String shown) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setCodePointLimit(MAX_BYTES);
    try {
      Object document = new Yaml(new SafeConstructor(options)).load(text);
      if (document instanceof Map<?, ?> map) {
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((key, value) -> fields.put(String.valueOf(key), value));
        fields.putIfAbsent("id", name);
        fields.putIfAbsent("name", fields.get("id"));
        return fields;
      }
      throw AgentRuntimeException.invalid(shown, "an object");
    } catch (MarkedYAMLException e) {
      // The place, but not the text around it, which may hold secrets.
      throw AgentRuntimeException.invalid(
          shown,
          "YAML or JSON; see line "
              + (e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1));
    } catch (YAMLException e) {
      throw AgentRuntimeException.invalid(shown, "YAML or JSON");
    }
  }
}
