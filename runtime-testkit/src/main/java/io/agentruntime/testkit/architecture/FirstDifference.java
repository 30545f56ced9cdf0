// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import io.agentruntime.model.block.Block;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where two conversations first differ, by block: two whole ones side by side say nothing. */
final class FirstDifference {
  private FirstDifference() {}

  /**
   * Names the first difference.
   *
   * @param at where both stand, as a path
   * @return empty if they are equal
   */
  static Optional<String> at(String at, @Nullable Object decoded, @Nullable Object folded) {
    if (Objects.equals(decoded, folded)) {
      return Optional.empty();
    }
    if (decoded instanceof List<?> ours && folded instanceof List<?> theirs) {
      return ofLists(at, ours, theirs);
    }
    if (decoded instanceof Record ours
        && folded instanceof Record theirs
        && ours.getClass() == theirs.getClass()
        && !(ours instanceof Block)) {
      for (RecordComponent part : ours.getClass().getRecordComponents()) {
        Optional<String> difference =
            at(at + "." + part.getName(), value(part, ours), value(part, theirs));
        if (difference.isPresent()) {
          return difference;
        }
      }
    }
    return said(at, decoded, folded);
  }

  private static Optional<String> ofLists(String at, List<?> decoded, List<?> folded) {
    for (int i = 0; i < Math.min(decoded.size(), folded.size()); i++) {
      Optional<String> difference = at(at + "[" + i + "]", decoded.get(i), folded.get(i));
      if (difference.isPresent()) {
        return difference;
      }
    }
    int more = Math.min(decoded.size(), folded.size());
    return said(
        at + "[" + more + "]",
        more < decoded.size() ? decoded.get(more) : "nothing",
        more < folded.size() ? folded.get(more) : "nothing");
  }

  private static Optional<String> said(
      String at, @Nullable Object decoded, @Nullable Object folded) {
    return Optional.of(
        "%s differs%n  in the stream:     %s%n  in the transcript: %s"
            .formatted(at, folded, decoded));
  }

  private static @Nullable Object value(RecordComponent part, Record of) {
    try {
      // Records of tests are seldom public.
      part.getAccessor().setAccessible(true);
      return part.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("cannot read " + part, e);
    }
  }
}
