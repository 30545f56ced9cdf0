// SPDX-License-Identifier: MIT

package io.agentruntime.app.doctor;

import io.agentruntime.app.config.Configuration;
import io.agentruntime.app.config.ProviderFolders;
import io.agentruntime.app.config.ServerConfig;
import io.agentruntime.app.profile.ProfileFolder;
import io.agentruntime.app.wiring.LogOutput;
import io.agentruntime.app.wiring.ScriptedModelService;
import io.agentruntime.app.wiring.Secrets;
import io.agentruntime.core.CheckLine;
import io.agentruntime.core.CheckLine.Verdict;
import io.agentruntime.core.RuntimeCheck;
import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.error.AgentRuntimeException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks whether the server would work with the same command line, and says what to do where not. It
 * starts no server, and a sandbox only for a moment.
 *
 * <p>Exit codes: 0 when nothing is wrong, 1 when something is, 78 when the configuration cannot be
 * read.
 */
public final class Doctor {
  private static final int OLDEST_JAVA = 25;

  private Doctor() {}

  /** Checks, with the server's command line. */
  public static void main(String[] args) throws InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(args), System.getenv(), out));
  }

  static int run(List<String> arguments, Map<String, String> environment, PrintStream out)
      throws InterruptedException {
    try {
      Optional<ServerConfig> config =
          Configuration.read(arguments, environment, System.getProperties());
      if (config.isEmpty()) {
        out.print(Configuration.helpText());
        return 0;
      }
      LogOutput.configure(new ServerConfig.Logging("error", false));
      List<CheckLine> lines = new ArrayList<>();
      lines.add(java());
      lines.add(port(config.get().listen()));
      key(config.get().apiKey().file()).ifPresent(lines::add);
      for (String oddity : ProviderFolders.of(environment).oddities()) {
        lines.add(
            CheckLine.note(
                "providers", oddity, "see 'Where it goes' in docs/providers/packaging.md"));
      }
      lines.addAll(runtime(config.get(), Secrets.from(environment)));
      lines.forEach(line -> print(line, out));
      long problems = lines.stream().filter(line -> line.verdict() == Verdict.PROBLEM).count();
      out.println();
      out.println(
          problems == 0 ? "Nothing is in the way of a start." : "To be mended: " + problems);
      return problems == 0 ? 0 : 1;
    } catch (AgentRuntimeException e) {
      out.println("doctor: " + e.getMessage());
      return 78;
    }
  }

  private static List<CheckLine> runtime(ServerConfig config, SecretSource secrets)
      throws InterruptedException {
    ProfileFolder profiles = ProfileFolder.of(config.profilesDirectory());
    List<CheckLine> lines = new ArrayList<>();
    lines.add(profiles(profiles, config.profilesDirectory()));
    if (!config.scriptedModel()) {
      lines.addAll(RuntimeCheck.run(config.runtime(secrets, profiles), List.of()));
      return lines;
    }
    try (ScriptedModelService model =
        ScriptedModelService.start(
            config.sessions().sandbox(), config.sessions().setting("sandbox.docker.network"))) {
      lines.addAll(RuntimeCheck.run(config.runtime(model.before(secrets), profiles), List.of()));
    }
    return lines;
  }

  private static CheckLine java() {
    int version = Runtime.version().feature();
    String found = "Java " + Runtime.version() + " from " + System.getProperty("java.home");
    return version >= OLDEST_JAVA
        ? CheckLine.ok("java", found)
        : CheckLine.problem("java", found, "install a JDK " + OLDEST_JAVA + " or newer");
  }

  private static CheckLine port(ServerConfig.Listen listen) {
    String subject = "port " + listen.port();
    try (ServerSocket probe =
        new ServerSocket(listen.port(), 1, InetAddress.getByName(listen.host()))) {
      return CheckLine.ok(subject, "is free on " + probe.getInetAddress().getHostAddress());
    } catch (IOException e) {
      return CheckLine.problem(
          subject,
          "cannot be listened on at " + listen.host() + ": " + e.getMessage(),
          "stop what uses it, or choose another with --port");
    }
  }

  private static Optional<CheckLine> key(Path file) {
    try {
      if (!Files.exists(file)) {
        return Optional.of(CheckLine.ok("API key", "will be made in " + file));
      }
      Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
      return Optional.of(
          rights.contains(PosixFilePermission.OTHERS_READ)
              ? CheckLine.note("API key", "others can read " + file, "run: chmod 600 " + file)
              : CheckLine.ok("API key", "in " + file));
    } catch (UnsupportedOperationException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          CheckLine.problem("API key", file + " cannot be read: " + e, "check its rights"));
    }
  }

  private static CheckLine profiles(ProfileFolder profiles, Path folder) {
    try {
      return CheckLine.ok("profiles", profiles.list().size() + " in " + folder + " and built in");
    } catch (AgentRuntimeException e) {
      return CheckLine.problem("profiles", String.valueOf(e.getMessage()), "mend the file");
    }
  }

  private static void print(CheckLine line, PrintStream out) {
    String mark =
        switch (line.verdict()) {
          case OK -> "ok  ";
          case NOTE -> "note";
          case PROBLEM -> "FAIL";
        };
    out.println(mark + "  " + line.subject() + ": " + line.finding());
    line.remedy().ifPresent(remedy -> out.println("      " + remedy));
  }
}
