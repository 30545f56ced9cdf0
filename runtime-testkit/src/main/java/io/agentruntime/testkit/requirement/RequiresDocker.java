// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.requirement;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Short for {@link Requires} with {@link Requirement#DOCKER}: a Docker engine that has the image of
 * the agents' sandbox, see {@link TestMachine#sandboxImage()}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@Requires(Requirement.DOCKER)
public @interface RequiresDocker {}
