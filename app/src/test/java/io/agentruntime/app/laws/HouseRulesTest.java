// SPDX-License-Identifier: MIT

package io.agentruntime.app.laws;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.BE_ANNOTATED_WITH_AN_INJECTION_ANNOTATION;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static io.agentruntime.app.laws.OurCode.CLASSES;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** How code is written everywhere. */
class HouseRulesTest {
  @Test
  void everyPackageIsNullMarked() {
    classes().should(liveInANullMarkedPackage()).check(CLASSES);
  }

  @Test
  void classesAreNamedByWhatDiffers() {
    noClasses()
        .should()
        .haveNameMatching(".*[.$]\\w*(Impl|Utils?|Helper|Manager)(\\$\\w+)?")
        .orShould()
        .haveNameMatching(".*[.$](Default|Base)[A-Z]\\w*")
        .because("a name says what a class is, and what sets it apart from others of its kind")
        .check(CLASSES);
  }

  @Test
  void packagesAreNamedByConcept() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..impl..", "..util..", "..utils..", "..dto..", "..exceptions..", "..helpers..")
        .check(CLASSES);
  }

  @Test
  void librariesDoNotPrint() {
    noClasses()
        .that(areNoPrograms())
        .should(ACCESS_STANDARD_STREAMS)
        .because("a library logs; only a program has standard streams of its own")
        .check(CLASSES);
  }

  @Test
  void nobodyUsesJavaUtilLogging() {
    noClasses().should(USE_JAVA_UTIL_LOGGING).check(CLASSES);
  }

  @Test
  void dependenciesComeThroughConstructors() {
    noFields().should(BE_ANNOTATED_WITH_AN_INJECTION_ANNOTATION).check(CLASSES);
  }

  @Test
  void nobodySleepsButBetweenAttempts() {
    noClasses()
        .that()
        // Threads of their own that pause between attempts, and end when interrupted.
        .doNotHaveSimpleName("Chore")
        .and()
        .doNotHaveSimpleName("Patience")
        .and()
        .doNotHaveSimpleName("StdinWriter")
        .and()
        .doNotHaveSimpleName("StdoutReader")
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", Duration.class)
        .orShould()
        .callMethod(TimeUnit.class, "sleep", long.class)
        .because("one waits for a condition, with a deadline")
        .check(CLASSES);
  }

  @Test
  void onlyProgramsEndTheJvm() {
    noClasses()
        .that(areNoPrograms())
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> areNoPrograms() {
    return DescribedPredicate.describe(
        "are no programs",
        c -> !hasMain(c) && !c.getEnclosingClass().map(HouseRulesTest::hasMain).orElse(false));
  }

  private static boolean hasMain(JavaClass javaClass) {
    return javaClass
        .tryGetMethod("main", String[].class)
        .filter(m -> m.getModifiers().contains(JavaModifier.STATIC))
        .isPresent();
  }

  private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
    return new ArchCondition<>("live in a package that is @NullMarked") {
      @Override
      public void check(JavaClass javaClass, ConditionEvents events) {
        boolean marked = javaClass.getPackage().isAnnotatedWith(NullMarked.class);
        String message = javaClass.getPackageName() + " has no package-info.java with @NullMarked";
        events.add(new SimpleConditionEvent(javaClass, marked, message));
      }
    };
  }
}
