// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.SessionQuery;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Makes a test of an undeclared role into a test that the role is refused. */
final class RoleInterceptor implements InvocationInterceptor {
  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    RoleContract tests = (RoleContract) context.getRequiredTestInstance();
    PersistenceAdapter adapter = tests.bench().adapter();
    Role role = context.getRequiredTestClass().getAnnotation(Role.class);
    Set<PersistenceCapability> undeclared = EnumSet.noneOf(PersistenceCapability.class);
    undeclared.addAll(Arrays.asList(role.value()));
    undeclared.removeAll(adapter.capabilities());
    if (undeclared.isEmpty()) {
      invocation.proceed();
    } else {
      invocation.skip();
      undeclared.forEach(capability -> assertRefused(adapter, capability));
    }
  }

  private static void assertRefused(PersistenceAdapter adapter, PersistenceCapability capability) {
    SessionId id = new SessionId("nobody");
    ThrowingCallable use =
        switch (capability) {
          case EVENTS -> adapter::events;
          case TRANSCRIPTS -> adapter::transcripts;
          case WORKSPACES -> adapter::workspaces;
          case PROFILES -> adapter::profiles;
          case QUERY -> () -> adapter.query(SessionQuery.first(1));
          case DELETE_SESSION -> () -> adapter.deleteSession(id);
          case LEASES -> adapter::leases;
          case COMPACTION -> () -> adapter.events().compact(id, LeaseEpoch.NONE, 1);
          case DURABLE -> null;
        };
    if (use != null) {
      AgentRuntimeException refusal = catchThrowableOfType(AgentRuntimeException.class, use);
      assertThat(refusal).as("%s is not declared: using it", capability).isNotNull();
      assertThat(refusal.code()).isEqualTo(StandardError.UNSUPPORTED);
    }
  }
}
