// SPDX-License-Identifier: MIT

package io.agentruntime.app.laws;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.agentruntime.app.laws.OurCode.CLASSES;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may depend on whom. */
class ArchitectureLawsTest {
  @Test
  void theLawsSeeEveryModuleOfTheBuild() throws IOException {
    String parent = Files.readString(Path.of("../pom.xml"));
    List<String> modules =
        Pattern.compile("<module>(.+)</module>")
            .matcher(parent)
            .results()
            .map((MatchResult module) -> module.group(1))
            // It measures the finished server and is no part of it.
            .filter(module -> !module.equals("bench"))
            // Others hold no code of ours.
            .filter(module -> Files.isDirectory(Path.of("..", module, "src/main/java")))
            .toList();

    Set<String> seen =
        CLASSES.stream()
            .flatMap(c -> c.getSource().stream())
            .map(source -> moduleOf(source.getUri(), modules))
            .collect(Collectors.toSet());

    assertThat(seen).containsExactlyInAnyOrderElementsOf(modules);
  }

  @Test
  void everyPackageBelongsToAKnownModule() {
    classes()
        .should()
        .resideInAnyPackage(
            concat(
                OurCode.API,
                OurCode.PROVIDERS,
                OurCode.CORE,
                OurCode.TESTKIT,
                OurCode.SCRIPTED_MODEL,
                OurCode.APP))
        .check(CLASSES);
  }

  @Test
  void theApiDependsOnTheJdkAndJSpecifyOnly() {
    classes()
        .that()
        .resideInAnyPackage(OurCode.API)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(concat(OurCode.API, "java..", "org.jspecify.annotations.."))
        .check(CLASSES);
  }

  @Test
  void ofOurCodeProvidersSeeTheApiAndThemselvesOnly() {
    for (String module : providerModules()) {
      String itself = module + "..";
      // What providers of a kind share, and which registers none.
      String shared = module.replaceFirst("\\w+$", "support") + "..";
      noClasses()
          .that()
          .resideInAPackage(itself)
          .should()
          .dependOnClassesThat(oursOutside(concat(OurCode.API, shared, itself)))
          .check(CLASSES);
    }
  }

  @Test
  void ofOurCodeTheCoreSeesTheApiAndItselfOnly() {
    noClasses()
        .that()
        .resideInAPackage(OurCode.CORE)
        .should()
        .dependOnClassesThat(oursOutside(concat(OurCode.API, OurCode.CORE)))
        .check(CLASSES);
  }

  @Test
  void theCoreIsPlainJavaWithALogger() {
    classes()
        .that()
        .resideInAPackage(OurCode.CORE)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.agentruntime..", "java..", "org.jspecify.annotations..", "org.slf4j..")
        .check(CLASSES);
  }

  @Test
  void ofOurCodeTheTestkitSeesTheApiAndItselfOnly() {
    noClasses()
        .that()
        .resideInAPackage(OurCode.TESTKIT)
        .should()
        .dependOnClassesThat(oursOutside(concat(OurCode.API, OurCode.TESTKIT)))
        .check(CLASSES);
  }

  @Test
  void theScriptedModelDependsOnNothingOfOurs() {
    noClasses()
        .that()
        .resideInAPackage(OurCode.SCRIPTED_MODEL)
        .should()
        .dependOnClassesThat(oursOutside(OurCode.SCRIPTED_MODEL))
        .check(CLASSES);
  }

  @Test
  void theAppSeesNoProvider() {
    noClasses()
        .that()
        .resideInAPackage(OurCode.APP)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(OurCode.PROVIDERS)
        .check(CLASSES);
  }

  @Test
  void onlyTheAppAndTheTwoProvidersBuiltOnItKnowMicronaut() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            OurCode.APP, "io.agentruntime.persistence.jdbc..", "io.agentruntime.sandbox.modal..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micronaut..", "jakarta.inject..")
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycles() {
    slices()
        .assignedFrom(packageByPackage())
        .should()
        .beFreeOfCycles()
        // What the library is configured and asked with lies beside its entry point.
        .ignoreDependency(resideInAPackage(OurCode.CORE), simpleName("RuntimeConfig"))
        .ignoreDependency(resideInAPackage(OurCode.CORE), simpleName("CreateSession"))
        .ignoreDependency(resideInAPackage(OurCode.CORE), simpleName("ShutdownMode"))
        // What callers say to a session, and are told, lies beside it.
        .ignoreDependency(resideInAPackage(OurCode.CORE), simpleName("MessageRequest"))
        .ignoreDependency(resideInAPackage(OurCode.CORE), simpleName("MessageReceipt"))
        .ignoreDependency(resideInAPackage(OurCode.CORE), simpleName("QueuedMessage"))
        // The transcript of some agents is what a command in the sandbox prints.
        .ignoreDependency(simpleName("TranscriptKeeper"), simpleName("CommandRunner"))
        .check(CLASSES);
  }

  /** The root packages of the provider modules that are there, such as {@code …sandbox.docker}. */
  private static Set<String> providerModules() {
    Set<String> modules =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .flatMap(
                name ->
                    Pattern.compile("io\\.agentruntime\\.(sandbox|persistence|architecture)\\.\\w+")
                        .matcher(name)
                        .results()
                        .map(MatchResult::group))
            .collect(Collectors.toSet());
    assertThat(modules).isNotEmpty();
    return modules;
  }

  private static DescribedPredicate<JavaClass> oursOutside(String... packages) {
    return describe(
        "are ours and reside outside of " + Arrays.toString(packages),
        resideInAnyPackage(OurCode.ALL).and(resideOutsideOfPackages(packages)));
  }

  private static String moduleOf(URI source, List<String> modules) {
    return modules.stream()
        .filter(module -> source.toString().matches(".*/" + module + "/target/.*"))
        .findFirst()
        .orElse("unknown: " + source);
  }

  private static SliceAssignment packageByPackage() {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
        String name = javaClass.getPackageName();
        if (!name.startsWith("io.agentruntime")) {
          return SliceIdentifier.ignore();
        }
        // The domain model is one thing: its packages are chapters, and refer to each other.
        return SliceIdentifier.of(name.replaceFirst("(io\\.agentruntime\\.model)\\..*", "$1"));
      }

      @Override
      public String getDescription() {
        return "packages";
      }
    };
  }

  private static String[] concat(String[] some, String... more) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
  }

  private static String[] concat(String[] some, String[] others, String... more) {
    return concat(concat(some, others), more);
  }
}
