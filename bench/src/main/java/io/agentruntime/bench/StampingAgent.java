// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import io.agentruntime.testkit.sandbox.FakeMachine;
import io.agentruntime.testkit.sandbox.FakeProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An agent program in this JVM, in the scripted architecture's native form, whose deltas are the
 * times at which they were written. A message {@code stamps COUNT RATE} makes it write so many, so
 * many a second; rate 0 means as fast as they are taken. Any other message is answered with its own
 * text.
 */
final class StampingAgent implements FakeProgram {
  @Override
  public int run(FakeMachine machine) throws IOException, InterruptedException {
    BufferedReader stdin =
        new BufferedReader(new InputStreamReader(machine.stdin(), StandardCharsets.UTF_8));
    for (String line = stdin.readLine(); line != null; line = stdin.readLine()) {
      String[] words = line.split(" ", 3);
      if (words[0].equals("turn")) {
        turn(machine, words[1], words[2]);
      }
    }
    return 0;
  }

  private static void turn(FakeMachine machine, String id, String text) throws IOException {
    String block = id + "-0";
    write(machine, "accepted " + id + "\ntext-start " + block + "\n");
    StringBuilder whole = new StringBuilder();
    String[] words = text.split(" ");
    if (words[0].equals("stamps")) {
      stamps(machine, block, Integer.parseInt(words[1]), Integer.parseInt(words[2]), whole);
    } else {
      whole.append(text);
      write(machine, "text " + block + " " + text + "\n");
    }
    write(machine, "text-end " + block + " " + whole + "\nusage 10 5 0.001\ndone\n");
  }

  private static void stamps(
      FakeMachine machine, String block, int count, int rate, StringBuilder whole)
      throws IOException {
    long gap = rate == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / rate;
    long due = System.nanoTime();
    for (int i = 0; i < count; i++) {
      due += gap;
      while (gap > 0 && System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      String stamp = System.nanoTime() + " ";
      whole.append(stamp);
      write(machine, "text " + block + " " + stamp + "\n");
    }
  }

  private static void write(FakeMachine machine, String lines) throws IOException {
    machine.stdout().write(lines.getBytes(StandardCharsets.UTF_8));
    machine.stdout().flush();
  }
}
