// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import io.agentruntime.spi.sandbox.ProcessSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The contract suite's programs in Java. */
final class FakeContractPrograms implements ContractPrograms {
  static FakeSandboxProvider register(FakeSandboxProvider provider) {
    return provider
        .register("printf", FakeContractPrograms::echoArguments)
        .register("env", FakeContractPrograms::printEnvironment)
        .register("pwd", machine -> print(machine, machine.workingDirectory() + "\n"))
        .register(
            "cat",
            machine -> {
              machine.stdin().transferTo(machine.stdout());
              return 0;
            })
        .register("exit", machine -> Integer.parseInt(machine.command().get(1)))
        .register("print", FakeContractPrograms::printBoth)
        .register("sleep", FakeContractPrograms::sleep)
        .register("spew", FakeContractPrograms::spew)
        .register("spawn", FakeContractPrograms::spawn)
        .register("leave", FakeContractPrograms::leave)
        .register(
            "count",
            machine ->
                print(machine, machine.countRunning(machine.command().get(1).substring(1)) + "\n"))
        .register("list", machine -> print(machine, machine.runningCommands() + "\n"))
        .register("read", FakeContractPrograms::read)
        .register("catch", FakeContractPrograms::catchInterrupt)
        .register("write", FakeContractPrograms::write);
  }

  @Override
  public List<String> exitWith(int code) {
    return List.of("exit", Integer.toString(code));
  }

  @Override
  public List<String> print(String out, String err) {
    return List.of("print", out, err);
  }

  @Override
  public List<String> spew(long bytes) {
    return List.of("spew", Long.toString(bytes));
  }

  @Override
  public List<String> spawnChildren(String marker) {
    return List.of("spawn", "x" + marker);
  }

  @Override
  public List<String> leaveChild(String marker) {
    return List.of("leave", "x" + marker);
  }

  @Override
  public List<String> countRunning(String marker) {
    return List.of("count", "x" + marker);
  }

  @Override
  public List<String> catchInterrupt() {
    return List.of("catch");
  }

  @Override
  public List<String> listProcesses(String marker) {
    return List.of("list", marker);
  }

  @Override
  public List<String> readFile(String path) {
    return List.of("read", path);
  }

  @Override
  public List<String> writeFile(String path, String text) {
    return List.of("write", path, text);
  }

  private static int print(FakeMachine machine, String text) throws IOException {
    machine.stdout().write(SandboxBench.utf8(text));
    return 0;
  }

  private static int echoArguments(FakeMachine machine) throws IOException {
    List<String> arguments = machine.command().subList(2, machine.command().size());
    return print(machine, "<" + String.join("><", arguments) + ">");
  }

  private static int printEnvironment(FakeMachine machine) throws IOException {
    List<String> variables = new ArrayList<>();
    machine.environment().forEach((name, value) -> variables.add(name + "=" + value + "\0"));
    return print(machine, variables.isEmpty() ? "NONE=\0" : String.join("", variables));
  }

  private static int printBoth(FakeMachine machine) throws IOException {
    machine.stderr().write(SandboxBench.utf8(machine.command().get(2)));
    return print(machine, machine.command().get(1));
  }

  private static int sleep(FakeMachine machine) throws InterruptedException {
    new CountDownLatch(1).await();
    return 0;
  }

  private static int spew(FakeMachine machine) throws IOException {
    byte[] block = new byte[10_000];
    long left = Long.parseLong(machine.command().get(1));
    while (left > 0) {
      int step = (int) Math.min(left, block.length);
      machine.stdout().write(block, 0, step);
      left -= step;
    }
    machine.stderr().write(SandboxBench.utf8("done\n"));
    machine.stdin().readAllBytes();
    return 0;
  }

  private static int spawn(FakeMachine machine) throws IOException, InterruptedException {
    List<String> child = List.of("sleep", machine.command().get(1).substring(1));
    machine.spawn(child);
    machine.spawn(child);
    print(machine, "ready\n");
    return sleep(machine);
  }

  private static int leave(FakeMachine machine) throws IOException {
    machine.spawn(List.of("sleep", machine.command().get(1).substring(1)));
    return print(machine, "done\n");
  }

  private static int catchInterrupt(FakeMachine machine) throws IOException, InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    machine.handle(
        ProcessSignal.INT,
        () -> {
          try {
            print(machine, "interrupted\n");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          interrupted.countDown();
        });
    print(machine, "ready\n");
    interrupted.await();
    return 3;
  }

  private static int read(FakeMachine machine) throws IOException {
    Optional<byte[]> content = machine.read(machine.command().get(1));
    if (content.isEmpty()) {
      return 1;
    }
    machine.stdout().write(content.get());
    return 0;
  }

  private static int write(FakeMachine machine) {
    machine.write(machine.command().get(1), SandboxBench.utf8(machine.command().get(2)));
    return 0;
  }
}
