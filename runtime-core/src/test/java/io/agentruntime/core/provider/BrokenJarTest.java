// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.Provider;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.sandbox.FakeSandboxProvider;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars of others that are broken in some way, dropped on the class path. */
class BrokenJarTest {
  private static final String FAKE =
      """
      package dropped;
      public class %s extends Plain {
        %s
      }
      """;

  private static final String PLAIN =
      """
      package dropped;
      import io.agentruntime.spi.sandbox.*;
      public class Plain implements SandboxProvider {
        public String id() { return "plain"; }
        public void open(io.agentruntime.spi.ProviderContext context) throws InterruptedException {}
        public void close() {}
        public java.util.Set<SandboxCapability> capabilities() { return java.util.Set.of(); }
        public Sandbox create(SandboxSpec spec) { throw new IllegalStateException(); }
      }
      """;

  private final FakeSandboxProvider healthy = new FakeSandboxProvider();
  private Duration openTimeout = Duration.ofSeconds(30);
  private Map<String, String> settings = Map.of();

  @TempDir Path folder;

  @Test
  void aClassThatIsNamedAndMissingCostsOnlyItself() throws Exception {
    Path jar =
        new ProviderJar().naming(SandboxProvider.class, "dropped.Gone").build(at("gone.jar"));
    assertCostsOnlyItself(jar, "dropped.Gone", "not found");
  }

  @Test
  void aClassWhoseParentIsMissingCostsOnlyItself() throws Exception {
    Path jar =
        new ProviderJar()
            .with("dropped.Plain", PLAIN)
            .with("dropped.Parent", FAKE.formatted("Parent", ""))
            .with("dropped.Child", "package dropped; public class Child extends Parent {}")
            .naming(SandboxProvider.class, "dropped.Child")
            .without("Parent")
            .build(at("orphan.jar"));
    assertCostsOnlyItself(jar, "dropped.Child", "needs a class that is not there");
  }

  @Test
  void aClassForANewerJavaCostsOnlyItself() throws Exception {
    Path jar =
        new ProviderJar()
            .with("dropped.Plain", PLAIN)
            .with("dropped.Newer", FAKE.formatted("Newer", ""))
            .naming(SandboxProvider.class, "dropped.Newer")
            .forJava(99)
            .build(at("newer.jar"));
    assertCostsOnlyItself(jar, "dropped.Newer", "newer Java");
  }

  @Test
  void aConstructorThatThrowsCostsOnlyItself() throws Exception {
    Path jar =
        fake("Thrower", "public Thrower() { throw new IllegalStateException(\"no way\"); }")
            .build(at("thrower.jar"));
    assertCostsOnlyItself(jar, "dropped.Thrower", "no way");
  }

  @Test
  void anIdThatIsNoIdCostsOnlyItself() throws Exception {
    Path jar =
        fake("Shouter", "public String id() { return \"NOT AN ID\"; }").build(at("shouter.jar"));
    assertCostsOnlyItself(jar, "dropped.Shouter", "kebab case");
  }

  @Test
  void anIdThatIsTakenCostsWhoComesLater() throws Exception {
    Path first = named("First", "box").build(at("first.jar"));
    Path second = named("Second", "box").build(at("second.jar"));
    try (URLClassLoader loader = loader(first, second);
        Providers providers = open(loader)) {
      assertThat(providers.sandbox("box").getClass().getSimpleName()).isEqualTo("First");
      assertThat(problems(providers))
          .singleElement()
          .satisfies(
              info -> {
                assertThat(info.location()).isEqualTo("second.jar");
                assertThat(info.problem()).contains("first.jar").contains("box");
              });
    }
  }

  @Test
  void openingThatFailsCostsOnlyItself() throws Exception {
    Path jar =
        fake(
                "Failing",
                """
                public String id() { return "failing"; }
                public void open(io.agentruntime.spi.ProviderContext context) {
                  throw new IllegalArgumentException("cannot");
                }
                """)
            .build(at("failing.jar"));
    assertCostsOnlyItself(jar, "failing", "cannot");
    try (URLClassLoader loader = loader(jar);
        Providers providers = open(loader)) {
      assertThatThrownBy(() -> providers.sandbox("failing"))
          .isInstanceOf(AgentRuntimeException.class)
          .hasMessageContaining("failing.jar")
          .hasMessageContaining("cannot");
    }
  }

  @Test
  void openingThatNeverEndsCostsOnlyItsTime() throws Exception {
    // Enough for the healthy ones on a busy machine.
    openTimeout = Duration.ofSeconds(3);
    Path jar =
        fake(
                "Endless",
                """
                public String id() { return "endless"; }
                public void open(io.agentruntime.spi.ProviderContext context)
                    throws InterruptedException {
                  while (true) {
                    try {
                      new java.util.concurrent.CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                      // It does not even listen.
                    }
                  }
                }
                """)
            .build(at("endless.jar"));
    assertCostsOnlyItself(jar, "endless", "not open after");
  }

  @Test
  void aProviderThatWasToldSomethingStopsTheStartWhenItDoesNotOpen() throws Exception {
    settings = Map.of("size", "wrong");
    Path jar =
        fake(
                "Told",
                """
                public String id() { return "told"; }
                public void open(io.agentruntime.spi.ProviderContext context) {
                  throw new IllegalArgumentException("size must be a number");
                }
                """)
            .build(at("told.jar"));
    try (URLClassLoader loader = loader(jar)) {
      assertThatThrownBy(() -> open(loader))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> {
                assertThat(e.code()).isEqualTo(StandardError.CONFIGURATION);
                assertThat(e.getMessage()).contains("told.jar").contains("size must be a number");
              });
    }
  }

  @Test
  void oneBrokenClassDoesNotHideTheOthersOfItsJar() throws Exception {
    Path jar =
        named("Good", "good")
            .naming(SandboxProvider.class, "dropped.Missing")
            .build(at("mixed.jar"));
    Path other = named("Other", "other").build(at("other.jar"));
    try (URLClassLoader loader = loader(jar, other);
        Providers providers = open(loader)) {
      assertThat(providers.sandboxes()).extracting(Provider::id).contains("good", "other");
      assertThat(problems(providers))
          .singleElement()
          .extracting(ProviderInfo::location)
          .isEqualTo("mixed.jar");
    }
  }

  private void assertCostsOnlyItself(Path jar, String name, String problem) throws Exception {
    try (URLClassLoader loader = loader(jar);
        Providers providers = open(loader)) {
      assertThat(providers.sandbox("fake")).isSameAs(healthy);
      assertThat(problems(providers))
          .singleElement()
          .satisfies(
              info -> {
                assertThat(info.id()).isEqualTo(name);
                assertThat(info.location()).isEqualTo(jar.getFileName().toString());
                assertThat(info.problem()).contains(problem);
                assertThat(info.active()).isFalse();
              });
    }
  }

  private static List<ProviderInfo> problems(Providers providers) {
    return providers.infos().stream().filter(info -> info.problem() != null).toList();
  }

  private Providers open(ClassLoader loader) throws InterruptedException {
    return new ProviderStart(
            loader, List.of(), List.of(healthy, new ScriptedArchitecture()), null, openTimeout)
        .open(
            found ->
                new PluginContext(
                    "test",
                    folder,
                    InstantSource.system(),
                    found.id().equals("told") ? settings : Map.of(),
                    SecretSource.of(Map.of())));
  }

  private static ProviderJar fake(String name, String body) {
    return new ProviderJar()
        .with("dropped.Plain", PLAIN)
        .with("dropped." + name, FAKE.formatted(name, body))
        .naming(SandboxProvider.class, "dropped." + name);
  }

  private static ProviderJar named(String name, String id) {
    return fake(name, "public String id() { return \"" + id + "\"; }");
  }

  private Path at(String name) throws Exception {
    return Files.createDirectories(folder.resolve("jars")).resolve(name);
  }

  private static URLClassLoader loader(Path... jars) throws Exception {
    URL[] urls = new URL[jars.length];
    for (int i = 0; i < jars.length; i++) {
      urls[i] = jars[i].toUri().toURL();
    }
    return new URLClassLoader(urls, BrokenJarTest.class.getClassLoader());
  }
}
