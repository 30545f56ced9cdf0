// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.ProviderContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads single settings; failures name the key. */
record SettingReader(ProviderContext context) {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;

  Optional<String> text(String key) {
    return context.setting(key).map(String::strip).filter(text -> !text.isEmpty());
  }

  /** Comma separated values. */
  List<String> list(String key) {
    return text(key).stream()
        .flatMap(all -> Arrays.stream(all.split(",")))
        .map(String::strip)
        .filter(one -> !one.isEmpty())
        .toList();
  }

  <T> T read(String key, String expected, T otherwise, Function<String, @Nullable T> reading) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      T value = reading.apply(text.get());
      if (value != null) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw invalid(key, expected + ", not '" + text.get() + "'", e);
    }
    throw invalid(key, expected + ", not '" + text.get() + "'", null);
  }

  <T> T oneOf(String key, Map<String, T> values, T otherwise) {
    return read(key, "one of " + new TreeSet<>(values.keySet()), otherwise, values::get);
  }

  int number(String key, int least, int most, int otherwise) {
    return read(
        key,
        "a whole number from " + least + " to " + most,
        otherwise,
        text -> {
          int value = Integer.parseInt(text);
          return value >= least && value <= most ? value : null;
        });
  }

  long size(String key, long otherwise) {
    return read(key, "a size of at least 128m, like 512m or 2g", otherwise, SettingReader::bytes);
  }

  Duration duration(String key, Duration most, Duration otherwise) {
    return read(
        key,
        "a duration like 500ms, 30s, 2m or 24h, at most " + most,
        otherwise,
        text -> {
          Duration value = time(text);
          return value.isPositive() && value.compareTo(most) <= 0 ? value : null;
        });
  }

  static AgentRuntimeException invalid(String key, String expected, @Nullable Exception cause) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION, "Modal setting " + key + ": expected " + expected, cause);
  }

  private static @Nullable Long bytes(String text) {
    long unit =
        switch (text.charAt(text.length() - 1)) {
          case 'k', 'K' -> KIB;
          case 'm', 'M' -> MIB;
          case 'g', 'G' -> 1024 * MIB;
          default -> 1;
        };
    long count = Long.parseLong(unit == 1 ? text : text.substring(0, text.length() - 1).strip());
    return count > 0 && count <= Long.MAX_VALUE / unit && count * unit >= 128 * MIB
        ? Long.valueOf(count * unit)
        : null;
  }

  private static Duration time(String text) {
    String number = text.replaceFirst("(ms|s|m|h)$", "");
    long count = Long.parseLong(number);
    return switch (text.substring(number.length())) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ZERO;
    };
  }
}
