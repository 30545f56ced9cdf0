// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.Ids;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.workspace.WorkspacePath;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The small values of a profile, checked for what they become: file names, variables, arguments of
 * installers.
 */
final class ProfileValues {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,199}");
  private static final Pattern DEPENDENCY =
      Pattern.compile("[^-\\s\\p{Cntrl}][^\\p{Cntrl}]{0,499}");

  private ProfileValues() {}

  static String id(Fields fields) {
    return fields.parsed("id", id -> Ids.require("profile id", id));
  }

  /** A name that becomes one segment of a path or one argument of a program. */
  static String name(Fields fields, String key) {
    String name = fields.text(key);
    if (!NAME.matcher(name).matches()) {
      throw fields.wrong(
          key,
          "1 to 100 of letters, digits, '_', '.' or '-', beginning with a letter, digit or '_'");
    }
    return name;
  }

  static List<String> dependencies(Fields fields, String key) {
    List<String> dependencies = fields.texts(key);
    for (int i = 0; i < dependencies.size(); i++) {
      if (!DEPENDENCY.matcher(dependencies.get(i)).matches()) {
        throw AgentRuntimeException.invalid(
            fields.path(key) + "[" + i + "]", "the name of a package, not an option");
      }
    }
    return dependencies;
  }

  /** Variables or headers by name; the message never shows a value. */
  static Map<String, String> texts(Fields fields, String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    Fields object = fields.optionalObject(key);
    if (object != null) {
      for (String name : object.keys()) {
        texts.put(name, object.text(name));
      }
    }
    return texts;
  }

  static Map<String, String> environment(Fields fields, String key) {
    Map<String, String> variables = texts(fields, key);
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      if (!VARIABLE.matcher(variable.getKey()).matches()
          || variable.getValue().indexOf('\0') >= 0) {
        throw fields.wrong(
            key + "." + variable.getKey(), "a variable of letters, digits and '_' without NUL");
      }
    }
    return variables;
  }

  /** Files {@code {path, content, base64?, executable?}}. */
  static List<ProfileFile> files(Fields fields, String key) {
    List<ProfileFile> files = new ArrayList<>();
    Set<String> paths = new HashSet<>();
    for (Fields object : fields.objects(key)) {
      ProfileFile file = file(object, object.has("relativePath") ? "relativePath" : "path");
      object.refuseOthers();
      files.add(requireNew(paths, file, object));
    }
    return files;
  }

  static ProfileFile requireNew(Set<String> paths, ProfileFile file, Fields object) {
    if (!paths.add(file.path().value())) {
      throw object.wrong("path", "a path that no file before has");
    }
    return file;
  }

  private static ProfileFile file(Fields object, String pathKey) {
    WorkspacePath path = object.parsed(pathKey, WorkspacePath::new);
    String content = object.text("content");
    boolean base64 = object.flag("base64", false);
    if (base64) {
      requireBase64(object, content);
    }
    return new ProfileFile(path, content, base64, object.flag("executable", false));
  }

  private static void requireBase64(Fields object, String content) {
    try {
      Base64.getDecoder().decode(content);
    } catch (IllegalArgumentException e) {
      throw object.wrong("content", "base64");
    }
  }
}
