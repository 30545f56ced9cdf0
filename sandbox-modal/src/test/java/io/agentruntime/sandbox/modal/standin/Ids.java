// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import java.security.SecureRandom;
import java.util.stream.Collectors;

/** Random ids of 22 letters and digits, as the vendor's are. */
final class Ids {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  static String next() {
    return RANDOM
        .ints(22, 0, ALPHABET.length())
        .mapToObj(i -> String.valueOf(ALPHABET.charAt(i)))
        .collect(Collectors.joining());
  }
}
