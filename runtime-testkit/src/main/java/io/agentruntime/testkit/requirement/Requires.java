// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.requirement;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test, or all tests of a class, that need something of the machine.
 *
 * <p>Where it is missing the test is skipped, with the reason; unless the environment variable
 * {@code AGENT_RUNTIME_REQUIRE} lists the requirement ({@code docker,claude,node}): then the test
 * fails. A CI machine lists what it was set up with, so that nothing is skipped there unnoticed.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@Repeatable(Requires.All.class)
@ExtendWith(RequirementCondition.class)
public @interface Requires {
  /** All of these are needed. */
  Requirement[] value();

  /** Several {@link Requires} on one test. */
  @Target({ElementType.TYPE, ElementType.METHOD})
  @Retention(RetentionPolicy.RUNTIME)
  @Documented
  @Inherited
  @ExtendWith(RequirementCondition.class)
  @interface All {
    /** Each of them counts. */
    Requires[] value();
  }
}
