// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.micronaut.context.BeanContext;
import io.micronaut.context.BeanResolutionContext;
import io.micronaut.inject.BeanConfiguration;
import io.micronaut.inject.BeanDefinitionReference;
import org.jspecify.annotations.Nullable;

/** Leaves out all beans of ours but those of the transports. */
record TransportsOnly() implements BeanConfiguration {
  private static final String APP = "io.agentruntime.app.";

  @Override
  public Package getPackage() {
    return TransportsOnly.class.getPackage();
  }

  @Override
  public String getName() {
    return "transports-only";
  }

  @Override
  public @Nullable String getVersion() {
    return null;
  }

  @Override
  public boolean isWithin(BeanDefinitionReference reference) {
    // By where it is defined: what a factory makes may be of a type from another package.
    return isWithin(reference.getBeanDefinitionName());
  }

  @Override
  public boolean isWithin(String type) {
    return type.startsWith(APP)
        && !type.startsWith(APP + "gateway.engine.")
        && !type.startsWith(APP + "gateway.socketio.");
  }

  @Override
  public boolean isEnabled(BeanContext context) {
    return false;
  }

  @Override
  public boolean isEnabled(BeanContext context, @Nullable BeanResolutionContext resolution) {
    return false;
  }
}
