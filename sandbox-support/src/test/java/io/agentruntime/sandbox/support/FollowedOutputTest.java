// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.support.spool.SpoolCommands;
import io.agentruntime.support.spool.SpoolStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What happens when a follower ends, by followers that are made up. */
class FollowedOutputTest {
  private static final int KILLED = 137;

  @Test
  void theEndOfTheFollowerIsTheEndOfTheOutput() throws Exception {
    Followers followers = new Followers(0, new Follower("ok\nabc", 0));

    assertThat(follow(followers).readAllBytes()).asString().isEqualTo("abc");
    assertThat(followers.allClosed()).isTrue();
  }

  @Test
  void aFollowerThatWasEndedIsReplacedAtTheSameByte() throws Exception {
    Followers followers =
        new Followers(1, new Follower("ok\nabc", KILLED), new Follower("ok\nde", 0));

    assertThat(follow(followers).readAllBytes()).asString().isEqualTo("abcde");
    assertThat(followers.offsets).containsExactly("0", "3");
    assertThat(followers.allClosed()).isTrue();
  }

  @Test
  void followersThatAreEndedAgainAndAgainCutTheOutputOff() throws Exception {
    Followers followers =
        new Followers(
            1, new Follower("ok\n", KILLED), new Follower("ok\n", KILLED), new Follower("ok\n", 0));

    InputStream output = follow(followers);

    assertThatThrownBy(output::readAllBytes)
        .hasMessageContaining("cut off")
        .hasMessageContaining("137");
    assertThat(followers.offsets).containsExactly("0", "0");
  }

  @Test
  void aFollowerThatWasEndedWithItsSandboxIsNotReplaced() throws Exception {
    Followers followers =
        new Followers(3, new Follower("ok\nabc", KILLED), new Follower("ok\n", 0));
    followers.alive = false;

    InputStream output = follow(followers);

    assertThatThrownBy(output::readAllBytes).hasMessageContaining("cut off");
    assertThat(followers.offsets).containsExactly("0");
  }

  @Test
  void aClosedOutputDoesNotLookLikeOneThatEnded() throws Exception {
    InputStream output = follow(new Followers(0, new Follower("ok\nabc", 0)));

    output.close();

    assertThatThrownBy(output::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
  }

  private static InputStream follow(Followers followers) throws InterruptedException {
    SpoolCommands spool = new SpoolCommands("/script", "/spool");
    FollowedOutput output =
        new FollowedOutput(followers, spool, new ProcessId("p"), SpoolStream.OUT, 0);
    output.begin();
    return output;
  }

  private static final class Followers implements ExecChannel {
    private final int resumptions;
    private final Deque<Follower> next;
    private final List<Follower> opened = new ArrayList<>();
    private final List<String> offsets = new ArrayList<>();
    private boolean alive = true;

    Followers(int resumptions, Follower... followers) {
      this.resumptions = resumptions;
      next = new ArrayDeque<>(List.of(followers));
    }

    boolean allClosed() {
      return opened.stream().allMatch(follower -> follower.closed);
    }

    @Override
    public String id() {
      return "made-up";
    }

    @Override
    public boolean isAlive() {
      return alive;
    }

    @Override
    public int resumptions() {
      return resumptions;
    }

    @Override
    public Program open(ExecCommand command) {
      List<String> arguments = command.arguments();
      offsets.add(arguments.get(arguments.size() - 2));
      Follower follower = Objects.requireNonNull(next.pollFirst());
      opened.add(follower);
      return follower;
    }

    @Override
    public <T extends @Nullable Object> T guarded(String attempt, Exchange<T> exchange)
        throws InterruptedException {
      try {
        return exchange.run();
      } catch (IOException e) {
        throw new AgentRuntimeException(StandardError.SANDBOX_UNAVAILABLE, attempt, e);
      }
    }

    @Override
    public AgentRuntimeException lost(String attempt, @Nullable Exception cause) {
      return new AgentRuntimeException(StandardError.SANDBOX_LOST, attempt, cause);
    }
  }

  private static final class Follower implements Program {
    private final InputStream stdout;
    private final int code;
    private boolean closed;

    Follower(String output, int code) {
      stdout = new ByteArrayInputStream(output.getBytes(StandardCharsets.UTF_8));
      this.code = code;
    }

    @Override
    public OutputStream stdin() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream stdout() {
      return stdout;
    }

    @Override
    public String errors() {
      return "";
    }

    @Override
    public int exitCode() {
      return code;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
