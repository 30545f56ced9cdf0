// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash.mortal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets calls pass to something, with more around those of some names. Stateless. */
final class Passage {
  private Passage() {}

  /** What is around a call. */
  interface Around {
    /** Makes the call, or not. */
    @Nullable Object call(@Nullable Object[] arguments, Call call) throws Throwable;
  }

  /** The call itself. */
  interface Call {
    /** Makes it. */
    @Nullable Object make() throws Throwable;
  }

  /** The target, with that around its methods of those names. */
  static <T> T through(Class<T> type, T target, Map<String, Around> methods) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, given) -> {
              @Nullable Object[] arguments = given == null ? new @Nullable Object[0] : given;
              Call call =
                  () -> {
                    try {
                      return method.invoke(target, given);
                    } catch (InvocationTargetException e) {
                      throw e.getCause() == null ? e : e.getCause();
                    }
                  };
              Around around = methods.get(method.getName());
              return around == null ? call.make() : around.call(arguments, call);
            }));
  }

  /** A point before a call and one after it. */
  static Around between(CrashPoint before, CrashPoint after) {
    return (arguments, call) -> {
      Doom.reach(before);
      Object result = call.make();
      Doom.reach(after);
      return result;
    };
  }
}
