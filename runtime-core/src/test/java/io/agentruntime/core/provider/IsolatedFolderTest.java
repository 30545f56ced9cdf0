// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.core.provider.ProviderDiscovery.Found;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers with class loaders of their own. */
class IsolatedFolderTest {
  /** Says in its list of profiles what it sees, and with which context class loader. */
  private static final String STORE =
      """
      package alone;
      import io.agentruntime.model.profile.*;
      import io.agentruntime.model.session.*;
      import io.agentruntime.spi.ProviderContext;
      import io.agentruntime.spi.persistence.*;
      import java.util.*;
      public class Store implements PersistenceAdapter {
        static void mine(String where) {
          if (Thread.currentThread().getContextClassLoader() != Store.class.getClassLoader()) {
            throw new IllegalStateException(where + " has a foreign context class loader");
          }
        }
        public String id() { mine("id"); return "alone"; }
        public void open(ProviderContext context) { mine("open"); }
        public void close() { mine("close"); }
        public Set<PersistenceCapability> capabilities() { return Set.of(); }
        public List<SessionRecord> listAllSessions() { return List.of(); }
        public Optional<StoredSession> loadSession(SessionId id) { return Optional.empty(); }
        public void createSessionRecord(SessionRecord session) {}
        public void updateSessionRecord(RecordUpdate update) {}
        public void saveTranscript(TranscriptWrite write) {}
        public void saveWorkspaceFile(FileWrite write) {}
        public void deleteSessionFile(FileRemoval removal) {}
        public List<ProfileSummary> listAgentProfiles() { return List.of(); }
        public Optional<AgentProfile> loadAgentProfile(String id) {
          mine("loadAgentProfile");
          String loader = org.slf4j.LoggerFactory.class.getClassLoader().getName();
          return Optional.of(AgentProfile.named(id, org.slf4j.LoggerFactory.NAME + ", " + loader));
        }
        public ProfileStore profiles() {
          mine("profiles");
          return new ProfileStore() {
            public void save(AgentProfile profile) { mine("save"); }
            public boolean delete(String profileId) { mine("delete"); return true; }
          };
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void aFolderWithoutJarsIsAnErrorThatNamesIt() {
    assertThatThrownBy(() -> IsolatedFolder.open(folder))
        .isInstanceOf(AgentRuntimeException.class)
        .hasMessageContaining(folder.toString());
  }

  @Test
  void itSeesTheApiAndItsOwnLibrariesOnly() throws Exception {
    try (IsolatedFolder isolated = build()) {
      assertThat(isolated.loader().loadClass(SandboxProvider.class.getName()))
          .isSameAs(SandboxProvider.class);
      assertThatThrownBy(() -> isolated.loader().loadClass(ProviderDiscovery.class.getName()))
          .isInstanceOf(ClassNotFoundException.class);
      assertThat(isolated.loader().loadClass("org.slf4j.LoggerFactory"))
          .isNotSameAs(org.slf4j.LoggerFactory.class);
      assertThat(isolated.loader().getResource("org/slf4j/spi/SLF4JServiceProvider.class"))
          .isNull();
      assertThat(
              isolated.loader().resources("META-INF/services/" + SandboxProvider.class.getName()))
          .isEmpty();
    }
  }

  @Test
  void itsOwnVersionOfALibraryIsUsedAndEveryCallHasItsContextClassLoader() throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (IsolatedFolder isolated = build()) {
      ProviderDiscovery discovery =
          new ProviderDiscovery(List.of(ProviderSource.isolated(isolated)), List.of());
      List<Found<PersistenceAdapter>> found = discovery.adapters();
      assertThat(discovery.broken()).isEmpty();
      assertThat(found)
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.id()).isEqualTo("alone");
                assertThat(one.version()).isEqualTo("9.8");
                assertThat(one.location()).isEqualTo("alone.jar");
              });
      PersistenceAdapter adapter = found.getFirst().provider();
      Optional<AgentProfile> profile = adapter.loadAgentProfile("any");
      assertThat(profile)
          .hasValueSatisfying(
              it -> assertThat(it.name()).isEqualTo("another slf4j, provider alone"));
      assertThat(adapter.profiles().delete("any")).isTrue();
      assertThat(Set.of(adapter)).contains(adapter);
      assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }
  }

  private IsolatedFolder build() throws Exception {
    Path alone = Files.createDirectories(folder.resolve("alone"));
    new ProviderJar()
        .with("alone.Store", STORE)
        .with(
            "org.slf4j.LoggerFactory",
            """
            package org.slf4j;
            public class LoggerFactory { public static final String NAME = name();
              private static String name() { return "another slf4j"; } }
            """)
        .naming(PersistenceAdapter.class, "alone.Store")
        .build(alone.resolve("alone.jar"));
    return IsolatedFolder.open(alone);
  }
}
