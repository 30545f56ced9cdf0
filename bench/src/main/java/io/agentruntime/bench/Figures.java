// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Numbers of one kind, in the order in which they were taken. Thread-safe. */
final class Figures {
  private final List<Double> values = new ArrayList<>();

  synchronized void add(double value) {
    values.add(value);
  }

  synchronized void addAll(Figures others) {
    for (double value : others.sorted()) {
      values.add(value);
    }
  }

  synchronized int count() {
    return values.size();
  }

  private synchronized double[] sorted() {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  /** The smallest value that so many percent of all do not exceed; not a number without values. */
  double percentile(double percent) {
    double[] sorted = sorted();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
  }

  double median() {
    double[] sorted = sorted();
    int half = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  double max() {
    return percentile(100);
  }

  double min() {
    return percentile(0);
  }

  /** Median and range, for instance {@code 12.3 (11.0 to 14.5)}. */
  String spread() {
    return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median(), min(), max());
  }

  /** One figure of each run, as figures. */
  static <T> Figures of(List<T> runs, ToDoubleFunction<T> figure) {
    Figures figures = new Figures();
    runs.forEach(run -> figures.add(figure.applyAsDouble(run)));
    return figures;
  }
}
