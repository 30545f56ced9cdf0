// SPDX-License-Identifier: MIT

package io.agentruntime.app.laws;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.agentruntime.app.laws.OurCode.CLASSES;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Data flows one way: who may write what, and who may do nothing but compute. */
class DataFlowLawsTest {
  private static final String ARCHITECTURES = "io.agentruntime.architecture..";

  @Test
  void onlyTheEventLogAppendsEvents() {
    noClasses()
        .that()
        .resideInAnyPackage(OurCode.CORE, OurCode.APP)
        .and()
        .doNotHaveSimpleName("EventLog")
        .should()
        .callMethodWhere(calls("io.agentruntime.spi.persistence.EventStore", "append"))
        .check(CLASSES);
  }

  @Test
  void onlyTheGatewayWritesToSockets() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.agentruntime.app.gateway..")
        .should()
        .callMethodWhere(calls("io.micronaut.websocket.WebSocketSession", "send.*"))
        .check(CLASSES);
  }

  @Test
  void theCoreReachesMachinesAndDatabasesThroughProvidersOnly() {
    noClasses()
        .that()
        .resideInAPackage(OurCode.CORE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "java.net.http..")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(ProcessBuilder.class)
        .check(CLASSES);
  }

  @Test
  void anArchitectureDoesNoInputOrOutput() {
    noClasses()
        .that()
        .resideInAPackage(ARCHITECTURES)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "java.nio.channels..", "java.sql..")
        .orShould()
        .dependOnClassesThat(
            areAny(
                Files.class,
                File.class,
                FileInputStream.class,
                FileOutputStream.class,
                RandomAccessFile.class,
                ProcessBuilder.class,
                Runtime.class))
        .check(CLASSES);
  }

  @Test
  void anArchitectureHasNoClockNoThreadsAndNoDice() {
    noClasses()
        .that()
        .resideInAPackage(ARCHITECTURES)
        .should()
        .dependOnClassesThat(areAny(Thread.class, Clock.class, Random.class, Executor.class))
        .orShould()
        .callMethodWhere(calls("java.time.(Instant|LocalDateTime|ZonedDateTime)", "now"))
        .orShould()
        .callMethodWhere(calls(System.class.getName(), "(currentTimeMillis|nanoTime|getenv)"))
        .orShould()
        .callMethodWhere(calls(UUID.class.getName(), "randomUUID"))
        .orShould()
        .callMethodWhere(calls(Math.class.getName(), "random"))
        .because("the same input must give the same events and ids, now and after a crash")
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaMethodCall> calls(String type, String method) {
    return DescribedPredicate.describe(
        type + "." + method,
        call -> call.getTargetOwner().getName().matches(type) && call.getName().matches(method));
  }

  private static DescribedPredicate<JavaClass> areAny(Class<?>... types) {
    DescribedPredicate<JavaClass> any = DescribedPredicate.alwaysFalse();
    for (Class<?> type : types) {
      any = any.or(assignableTo(type));
    }
    return any;
  }
}
