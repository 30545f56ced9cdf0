// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.ErrorCode;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the contract tests of all roles share. */
abstract class RoleContract {
  /** Text that breaks whoever confuses characters, bytes and encodings. */
  static final String UNICODE =
      "ASCII ünï \u4f60\u597d \uD83D\uDE80 e\u0301 \u2028 \u0000 \r\n\t \"'\\ %_ $1 {} <&>";

  static final SessionId NOBODY = new SessionId("nobody-0");

  abstract PersistenceBench bench();

  final PersistenceAdapter adapter() {
    return bench().adapter();
  }

  static void assertRefused(ErrorCode code, ThrowingCallable action) {
    AgentRuntimeException refusal = catchThrowableOfType(AgentRuntimeException.class, action);
    assertThat(refusal).as("a refusal with %s", code.name()).isNotNull();
    assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
  }

  /** Runs all tasks at once, each on its own thread, and gives their results in order. */
  static <T> List<T> atOnce(List<Callable<T>> tasks) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new AssertionError("a task failed", e.getCause());
    }
  }
}
