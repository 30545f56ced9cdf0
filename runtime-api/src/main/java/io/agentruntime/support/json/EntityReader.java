// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import static io.agentruntime.support.json.ProfileValues.dependencies;
import static io.agentruntime.support.json.ProfileValues.name;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import io.agentruntime.model.workspace.WorkspacePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads rules, skills, subagents and commands. Each may have its properties in fields of its own,
 * or in {@code metadata}, which is what stands in the front matter of its file; what is left there
 * is kept as further front matter.
 */
final class EntityReader {
  private EntityReader() {}

  static Rule rule(Fields rule) {
    String name = name(rule, "name");
    String content = rule.text("content");
    Fields metadata = metadata(rule);
    boolean main = rule.flag("main", metadata.flag("isMain", false));
    List<String> paths = globs(having(rule, metadata, "paths"), "paths");
    return new Rule(name, content, paths, main, frontMatter(rule, metadata));
  }

  static Skill skill(Fields skill) {
    String name = name(skill, "name");
    String content = text(skill, "content", "skillMd");
    Fields metadata = metadata(skill);
    if (metadata.has("name") && !metadata.text("name").equals(name)) {
      throw metadata.wrong("name", "the skill's own name");
    }
    String description = either(skill, metadata, "description");
    return new Skill(
        name,
        description == null ? name : description,
        content,
        skillFiles(skill),
        dependencies(having(skill, metadata, "npmDependencies"), "npmDependencies"),
        dependencies(having(skill, metadata, "pipDependencies"), "pipDependencies"),
        frontMatter(skill, metadata));
  }

  static SubagentDefinition subagent(Fields subagent) {
    String name = name(subagent, "name");
    String prompt = text(subagent, "prompt", "content");
    Fields metadata = metadata(subagent);
    String description = either(subagent, metadata, "description");
    String model = either(subagent, metadata, "model");
    List<String> tools = ProfileReader.tools(having(subagent, metadata, "tools"));
    return new SubagentDefinition(
        name,
        description == null ? name : description,
        prompt,
        model,
        tools,
        frontMatter(subagent, metadata));
  }

  static CommandDefinition command(Fields command) {
    String name = name(command, "name");
    String prompt = text(command, "prompt", "content");
    Fields metadata = metadata(command);
    String description = either(command, metadata, "description");
    return new CommandDefinition(name, description, prompt, frontMatter(command, metadata));
  }

  private static Fields nothing() {
    return new Fields("", Map.of());
  }

  private static Fields metadata(Fields entity) {
    Fields metadata = entity.optionalObject("metadata");
    return metadata == null ? nothing() : metadata;
  }

  /** A text that has two names; exactly one of them is there. */
  private static String text(Fields entity, String key, String otherKey) {
    boolean other = entity.has(otherKey);
    if (other && entity.has(key)) {
      throw entity.wrong(otherKey, "only one of " + key + " and " + otherKey);
    }
    return entity.text(other ? otherKey : key);
  }

  private static @Nullable String either(Fields entity, Fields metadata, String key) {
    String own = entity.optionalText(key);
    String other = metadata.optionalText(key);
    return own == null ? other : own;
  }

  /** The one of both that has a field, after both were asked. */
  private static Fields having(Fields entity, Fields metadata, String key) {
    boolean inMetadata = metadata.isWritten(key);
    return entity.isWritten(key) || !inMetadata ? entity : metadata;
  }

  /**
   * What is left of the metadata, together with the canonical {@code frontMatter}. Metadata writes
   * {@code allowedTools}; the files, and thus the front matter, write {@code allowed-tools}.
   */
  private static Map<String, Object> frontMatter(Fields entity, Fields metadata) {
    Map<String, Object> frontMatter = new LinkedHashMap<>(entity.values("frontMatter"));
    for (Map.Entry<String, Object> field : metadata.others().entrySet()) {
      String key = field.getKey().equals("allowedTools") ? "allowed-tools" : field.getKey();
      frontMatter.put(key, field.getValue());
    }
    return frontMatter;
  }

  /** A list of globs, or one text with commas between them, as front matter has it. */
  private static List<String> globs(Fields fields, String key) {
    if (!(fields.get(key) instanceof String text)) {
      return fields.texts(key);
    }
    List<String> globs = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? ',' : text.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (i == text.length() || (c == ',' && depth == 0)) {
        String glob = text.substring(start, i).strip();
        if (!glob.isEmpty()) {
          globs.add(glob);
        }
        start = i + 1;
      }
    }
    return globs;
  }

  private static List<ProfileFile> skillFiles(Fields skill) {
    List<ProfileFile> files = new ArrayList<>(ProfileValues.files(skill, "supportingFiles"));
    Fields contents = skill.optionalObject("fileContents");
    if (skill.get("files") instanceof List<?> list
        && list.stream().allMatch(String.class::isInstance)) {
      files.addAll(listedFiles(skill, contents == null ? nothing() : contents));
    } else {
      files.addAll(ProfileValues.files(skill, "files"));
    }
    if (contents != null) {
      for (String path : contents.keys()) {
        addUnlessThere(files, file(contents, path));
      }
    }
    Set<String> paths = new HashSet<>();
    files.forEach(file -> ProfileValues.requireNew(paths, file, skill));
    return files;
  }

  /** Files named in a list of paths, with their contents elsewhere; the skill's own file is not. */
  private static List<ProfileFile> listedFiles(Fields skill, Fields contents) {
    List<ProfileFile> files = new ArrayList<>();
    List<String> paths = skill.texts("files");
    for (int i = 0; i < paths.size(); i++) {
      String path = paths.get(i);
      if (contents.has(path)) {
        files.add(file(contents, path));
      } else if (!path.equals("SKILL.md")) {
        throw AgentRuntimeException.invalid(
            skill.path("files") + "[" + i + "]", "a file whose content stands in fileContents");
      }
    }
    return files;
  }

  private static ProfileFile file(Fields contents, String path) {
    WorkspacePath checked = contents.at(path, () -> new WorkspacePath(path));
    return new ProfileFile(checked, contents.text(path), false, false);
  }

  private static void addUnlessThere(List<ProfileFile> files, ProfileFile file) {
    if (!files.contains(file)) {
      files.add(file);
    }
  }
}
