package io.agentruntime.support.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.ProcessSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SpoolScriptTest {
  private static final ProcessId ID = new ProcessId("p1");
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;
  private SpoolCommands commands;

  @BeforeEach
  void installScript() throws IOException {
    Path script = folder.resolve(SpoolScript.fileName());
    Files.writeString(script, SpoolScript.text());
    commands = new SpoolCommands(script.toString(), folder.resolve("spools").toString());
  }

  @AfterEach
  void endProcess() throws Exception {
    run(commands.signal(ID, ProcessSignal.KILL));
    awaitEnd();
  }

  @Test
  void outputCanBeReadFromAnyOffsetAfterTheEnd() throws Exception {
    start("sh", "-c", "printf 'one two'; printf oops >&2; exit 7");
    assertThat(awaitEnd().exit()).contains(new ExitStatus(7));
    assertThat(follow(SpoolStream.OUT, 0)).isEqualTo("one two");
    assertThat(follow(SpoolStream.OUT, 4)).isEqualTo("two");
    assertThat(follow(SpoolStream.OUT, 7)).isEmpty();
    assertThat(follow(SpoolStream.ERR, 0)).isEqualTo("oops");
  }

  @Test
  void anOffsetBeyondTheEndIsRefused() throws Exception {
    start("echo", "abc");
    awaitEnd();
    assertCode("OFFSET_MISMATCH", () -> follow(SpoolStream.OUT, 5));
  }

  @Test
  void aProcessThatWasNeverStartedIsMissing() {
    assertCode("PROCESS_NOT_FOUND", () -> SpoolReply.status(ID, run(commands.status(ID))));
  }

  @Test
  void startingTwiceAtOnceRunsTheProgramOnce() throws Exception {
    Path marks = folder.resolve("marks");
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Void> start =
          () -> {
            start("sh", "-c", "echo mark >>'" + marks + "'");
            return null;
          };
      for (Future<Void> done : pool.invokeAll(List.of(start, start, start, start))) {
        done.get();
      }
    }
    awaitEnd();
    assertThat(Files.readAllLines(marks)).hasSize(1);
  }

  @Test
  void standardInputIsWrittenByOffset() throws Exception {
    start("cat");
    assertThat(write(0, "abc\nd")).isEqualTo(5);
    assertThat(write(0, "abc\n")).isEqualTo(5);
    assertThat(write(4, "def\n")).isEqualTo(8);
    assertCode("OFFSET_MISMATCH", () -> write(9, "x"));
    SpoolReply.number(ID, run(commands.closeStdin(ID)));
    assertThat(write(4, "def\n")).isEqualTo(8);
    assertCode("CLOSED", () -> write(8, "x"));
    assertThat(awaitEnd().exit()).contains(new ExitStatus(0));
    assertThat(follow(SpoolStream.OUT, 0)).isEqualTo("abc\ndef\n");
  }

  @Test
  void bytesPassUnchanged() throws Exception {
    byte[] bytes = new byte[5_000_000];
    new Random(1).nextBytes(bytes);
    start("cat");
    SpoolReply.number(ID, run(commands.writeStdin(ID, 0, bytes.length), Map.of(), bytes));
    run(commands.closeStdin(ID));
    awaitEnd();
    Path out = Path.of(commands.folder(ID), "out");
    assertThat(out).hasBinaryContent(bytes);
  }

  @Test
  void argumentsAndEnvironmentPassUnchanged() throws Exception {
    String odd = "a'b\"c\n$HOME `x` \\ é€😀 *";
    start(Map.of("size", odd, "E", ""), List.of("/usr/bin/env", "-0"));
    awaitEnd();
    assertThat(follow(SpoolStream.OUT, 0).split("\0"))
        .containsExactlyInAnyOrder("size=" + odd, "E=");
  }

  @Test
  void argumentsPassUnchanged() throws Exception {
    start("printf", "[%s]", "", "a'b\"c\n$HOME `x` \\ é€😀 *", "-n");
    awaitEnd();
    assertThat(follow(SpoolStream.OUT, 0)).isEqualTo("[][a'b\"c\n$HOME `x` \\ é€😀 *][-n]");
  }

  @Test
  void aFullSpoolBlocksTheProgramUntilOutputIsReleased() throws Exception {
    List<String> program = List.of("sh", "-c", "head -c 300000 /dev/zero; cat");
    start(10_000, Map.of("PATH", "/usr/bin:/bin"), program);
    long released = 0;
    SpoolStatus status = status();
    while (status.stdoutLength() < 300_000) {
      assertThat(status.stdoutLength() - status.stdoutFirst()).isLessThanOrEqualTo(10_000);
      released = SpoolReply.number(ID, run(commands.release(ID, status.stdoutLength())));
      status = status();
    }
    assertThat(released).isPositive();
    run(commands.closeStdin(ID));
    assertThat(awaitEnd().stdoutLength()).isEqualTo(300_000);
    assertCode("OFFSET_RELEASED", () -> follow(SpoolStream.OUT, 0));
  }

  @Test
  void aChildThatKeepsTheOutputOpenDoesNotDelayTheEnd() throws Exception {
    start("sh", "-c", "sleep 30 & echo done");
    assertThat(awaitEnd().exit()).contains(new ExitStatus(0));
    assertThat(follow(SpoolStream.OUT, 0)).isEqualTo("done\n");
  }

  @Test
  void aSignalReachesDescendantsInOtherSessions() throws Exception {
    start("sh", "-c", "setsid sleep 4711 & sleep 4712 & wait");
    await(() -> countOf("sleep\u00004711") + countOf("sleep\u00004712") == 2);
    run(commands.signal(ID, ProcessSignal.KILL));
    assertThat(awaitEnd().exit()).contains(new ExitStatus(137));
    assertThat(countOf("sleep\u00004711") + countOf("sleep\u00004712")).isZero();
  }

  @Test
  void anInterruptIsNotIgnoredByThePrograms() throws Exception {
    start("sleep", "4713");
    run(commands.signal(ID, ProcessSignal.INT));
    assertThat(awaitEnd().exit()).contains(new ExitStatus(130));
  }

  @Test
  void aFollowerThatIsTiedEndsWithItsInput() throws Exception {
    start("sleep", "4714");
    Process follower =
        new ProcessBuilder(commands.follow(ID, SpoolStream.OUT, 0, true))
            .redirectErrorStream(true)
            .start();
    try (InputStream in = follower.getInputStream()) {
      SpoolReply.followed(ID, SpoolReply.readLine(in));
      follower.getOutputStream().close();
      assertThat(in.readAllBytes()).isEmpty();
    }
    assertThat(follower.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(status().exit()).isEmpty();
  }

  @Test
  void aKilledSupervisorIsNoticed() throws Exception {
    start("sleep", "4715");
    String supervisor = Files.readString(Path.of(commands.folder(ID), "supervisor"));
    ProcessHandle.of(Long.parseLong(supervisor.split(" ")[0])).orElseThrow().destroyForcibly();
    assertThat(status().exit()).isEmpty();
    run(commands.signal(ID, ProcessSignal.KILL));
    await(() -> status().exit().isPresent());
    assertThat(status().exit()).contains(new ExitStatus(SpoolStatus.EXIT_CODE_LOST));
  }

  private void start(String... command) throws Exception {
    start(Map.of("PATH", "/usr/bin:/bin"), List.of(command));
  }

  private void start(Map<String, String> environment, List<String> command) throws Exception {
    start(ProcessSpec.DEFAULT_SPOOL_LIMIT, environment, command);
  }

  private void start(long limit, Map<String, String> environment, List<String> command)
      throws Exception {
    ProcessSpec spec = new ProcessSpec(ID, command, environment, folder.toString(), limit);
    SpoolReply.ok(ID, run(commands.start(spec), environment, new byte[0]));
  }

  private long write(long offset, String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return SpoolReply.number(
        ID, run(commands.writeStdin(ID, offset, bytes.length), Map.of(), bytes));
  }

  private SpoolStatus status() throws Exception {
    return SpoolReply.status(ID, run(commands.status(ID)));
  }

  private SpoolStatus awaitEnd() throws Exception {
    String line = run(commands.await(ID, LONG));
    return line.startsWith("missing")
        ? new SpoolStatus(null, 0, 0, 0, 0, 0)
        : SpoolReply.status(ID, line);
  }

  private String follow(SpoolStream stream, long offset) throws Exception {
    String[] answer = run(commands.follow(ID, stream, offset, false)).split("\n", 2);
    SpoolReply.followed(ID, answer[0]);
    return answer[1];
  }

  private static String run(List<String> command) throws Exception {
    return run(command, Map.of(), new byte[0]);
  }

  private static String run(List<String> command, Map<String, String> environment, byte[] input)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (OutputStream out = process.getOutputStream()) {
      out.write(input);
    }
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return answer;
  }

  private static int countOf(String arguments) throws IOException {
    List<Path> found = new ArrayList<>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        try {
          if (Files.readString(process.resolve("cmdline")).startsWith(arguments)) {
            found.add(process);
          }
        } catch (IOException e) {
          continue; // it has ended meanwhile
        }
      }
    }
    return found.size();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static void assertCode(String code, ThrowingRunnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            AgentRuntimeException.class, e -> assertThat(e.code().name()).isEqualTo(code));
  }

  private interface ThrowingRunnable {
    void run() throws Exception;
  }
}
