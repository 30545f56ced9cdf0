// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.agentruntime.testkit.requirement.RequiresNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Every field of our wire messages is where the vendor's SDK has it, also those it leaves empty.
 */
@RequiresNode
class SdkFieldsIT {
  private static final Path SDK = Path.of("target/js/node_modules/modal/dist");
  private static final Pattern MESSAGE =
      Pattern.compile(
          "^var (\\w+) = \\{\\n  encode\\((.*?)\\n  \\},\\n", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern FIELD =
      Pattern.compile("message\\.(\\w+)|writer\\.uint32\\((\\d+)\\)");
  private static final Pattern ENUM =
      Pattern.compile("^declare enum (\\w+) \\{(.*?)^\\}", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern VALUE = Pattern.compile("^ +(\\w+) = (-?\\d+)", Pattern.MULTILINE);

  private static final Pattern INLINED_VALUE = Pattern.compile("(\\d+) /\\* ([A-Z0-9_]+) \\*/");

  /** Laid out by Google, not by the vendor: an Any. */
  private static final Set<String> NOT_THEIRS = Set.of("PackedMessage");

  private static final Map<String, Map<String, Integer>> MESSAGES = new HashMap<>();
  private static final Map<String, Map<String, Integer>> ENUMS = new HashMap<>();
  private static final Map<String, Integer> INLINED = new HashMap<>();

  @BeforeAll
  static void readTheSdk() throws IOException, InterruptedException {
    SdkJudge.install();
    String code = Files.readString(SDK.resolve("index.js"));
    Matcher inlined = INLINED_VALUE.matcher(code);
    while (inlined.find()) {
      INLINED.put(inlined.group(2), Integer.valueOf(inlined.group(1)));
    }
    Matcher message = MESSAGE.matcher(code);
    while (message.find()) {
      MESSAGES.put(message.group(1), tags(message.group(2)));
    }
    Matcher type = ENUM.matcher(Files.readString(SDK.resolve("index.d.ts")));
    while (type.find()) {
      Map<String, Integer> values = new HashMap<>();
      Matcher value = VALUE.matcher(type.group(2));
      while (value.find()) {
        values.put(value.group(1), Integer.valueOf(value.group(2)));
      }
      ENUMS.put(type.group(1), values);
    }
  }

  /** Which tag, number and wire type, an encoder writes for each field. */
  private static Map<String, Integer> tags(String encoder) {
    Map<String, Integer> tags = new HashMap<>();
    Matcher matcher = FIELD.matcher(encoder);
    String field = "";
    while (matcher.find()) {
      if (matcher.group(1) != null) {
        field = matcher.group(1);
      } else {
        tags.putIfAbsent(field, Integer.valueOf(matcher.group(2)));
      }
    }
    return tags;
  }

  @TestFactory
  Stream<DynamicNode> messages() {
    return files()
        .flatMap(file -> file.getMessageTypes().stream())
        .flatMap(type -> Stream.concat(Stream.of(type), type.getNestedTypes().stream()))
        .filter(type -> !type.getOptions().getMapEntry())
        .filter(type -> !NOT_THEIRS.contains(type.getName()))
        .map(type -> dynamicTest(name(type), () -> assertSame(type)));
  }

  @TestFactory
  Stream<DynamicNode> enums() {
    return files()
        .flatMap(
            file ->
                Stream.concat(
                    file.getEnumTypes().stream(),
                    file.getMessageTypes().stream().flatMap(t -> t.getEnumTypes().stream())))
        .map(type -> dynamicTest(type.getFullName(), () -> assertSame(type)));
  }

  // Written out: the stand-in has classes of the same names.
  private static Stream<FileDescriptor> files() {
    return Stream.of(
        io.agentruntime.sandbox.modal.wire.ControlPlane.getDescriptor(),
        io.agentruntime.sandbox.modal.wire.router.CommandRouter.getDescriptor());
  }

  private static String name(Descriptor type) {
    Descriptor outer = type.getContainingType();
    return outer == null ? type.getName() : outer.getName() + "_" + type.getName();
  }

  private static void assertSame(Descriptor type) {
    Map<String, Integer> theirs = MESSAGES.get(name(type));
    assertThat(theirs).as("the SDK's encoder of %s", name(type)).isNotNull();
    for (FieldDescriptor field : type.getFields()) {
      assertThat(theirs)
          .as(field.getFullName())
          .containsEntry(field.getJsonName(), field.getNumber() << 3 | wireType(field));
    }
  }

  private static int wireType(FieldDescriptor field) {
    return field.isPackable() && field.isRepeated() ? 2 : field.getLiteType().getWireType();
  }

  private static void assertSame(EnumDescriptor type) {
    Descriptor outer = type.getContainingType();
    String name = outer == null ? type.getName() : outer.getName() + "_" + type.getName();
    // Some are not exported: their values stand in the code only, each with its name.
    Map<String, Integer> theirs = ENUMS.getOrDefault(name, INLINED);
    List<EnumValueDescriptor> values = type.getValues();
    for (EnumValueDescriptor value : values) {
      assertThat(theirs).containsEntry(value.getName(), value.getNumber());
    }
  }
}
