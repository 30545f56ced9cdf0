// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import io.agentruntime.spi.persistence.PersistenceCapability;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Which capabilities a class of contract tests is about. For an adapter that declares them all, its
 * tests run; for one that does not, each test checks instead that the undeclared role is refused.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RoleInterceptor.class)
@interface Role {
  PersistenceCapability[] value();
}
