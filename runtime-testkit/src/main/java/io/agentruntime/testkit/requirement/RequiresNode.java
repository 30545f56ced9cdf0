// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.requirement;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Short for {@link Requires} with {@link Requirement#NODE}: Node and npm. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@Requires(Requirement.NODE)
public @interface RequiresNode {}
