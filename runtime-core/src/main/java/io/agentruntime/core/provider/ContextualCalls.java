// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import io.agentruntime.spi.Provider;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls the objects of an isolated provider with its own class loader as the thread's context class
 * loader, as many libraries expect. What such a call returns is guarded in the same way, as far as
 * it is of an interface of the API. Thread-safe.
 */
final class ContextualCalls implements InvocationHandler {
  private static final String API = "io.agentruntime.spi.";

  private final Object target;
  private final ClassLoader loader;

  private ContextualCalls(Object target, ClassLoader loader) {
    this.target = target;
    this.loader = loader;
  }

  /** The same object behind the given interface, and behind all others of the API that it has. */
  static <T> T guard(Class<T> type, T target, ClassLoader loader) {
    Set<Class<?>> interfaces = new LinkedHashSet<>();
    interfaces.add(type);
    for (Class<?> c = target.getClass(); c != null; c = c.getSuperclass()) {
      collect(c, interfaces);
    }
    return type.cast(
        Proxy.newProxyInstance(
            Provider.class.getClassLoader(),
            interfaces.toArray(Class<?>[]::new),
            new ContextualCalls(target, loader)));
  }

  private static void collect(Class<?> type, Set<Class<?>> interfaces) {
    for (Class<?> candidate : type.getInterfaces()) {
      if (candidate.getName().startsWith(API)) {
        interfaces.add(candidate);
      }
      collect(candidate, interfaces);
    }
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("equals") && arguments != null && arguments.length == 1) {
      return target.equals(unguarded(arguments[0]));
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return guarded(method.invoke(target, arguments));
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static @Nullable Object unguarded(@Nullable Object value) {
    return value != null
            && Proxy.isProxyClass(value.getClass())
            && Proxy.getInvocationHandler(value) instanceof ContextualCalls calls
        ? calls.target
        : value;
  }

  private @Nullable Object guarded(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Optional<?> optional -> optional.map(this::guardedOrSame);
      case List<?> list when list.stream().anyMatch(this::isOfProvider) -> all(list);
      default -> guardedOrSame(value);
    };
  }

  private List<Object> all(List<?> list) {
    List<Object> guarded = new ArrayList<>(list.size());
    list.forEach(element -> guarded.add(guardedOrSame(element)));
    return guarded;
  }

  private Object guardedOrSame(Object value) {
    if (!isOfProvider(value)) {
      return value;
    }
    Set<Class<?>> interfaces = new LinkedHashSet<>();
    for (Class<?> c = value.getClass(); c != null; c = c.getSuperclass()) {
      collect(c, interfaces);
    }
    return interfaces.isEmpty() ? value : guardAs(interfaces.iterator().next(), value);
  }

  private <T> T guardAs(Class<T> type, Object value) {
    return guard(type, type.cast(value), loader);
  }

  /** Records and enums of the API, and what the JDK has, need no guard. */
  private boolean isOfProvider(Object value) {
    ClassLoader own = value.getClass().getClassLoader();
    return own == loader;
  }
}
