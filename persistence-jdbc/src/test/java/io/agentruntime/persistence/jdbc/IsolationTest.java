// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.testkit.TestProviderContext;
import io.micronaut.context.ApplicationContext;
import io.micronaut.inject.BeanDefinitionReference;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provider lies on one class path with the server: neither may see the other's beans. */
final class IsolationTest {
  private @TempDir Path folder;

  private static List<String> beans(ApplicationContext context) {
    return context.getBeanDefinitionReferences().stream()
        .map(BeanDefinitionReference::getBeanDefinitionName)
        .toList();
  }

  @Test
  void otherContextsHaveNoBeanOfOurs() {
    try (ApplicationContext server = ApplicationContext.run()) {
      String ours = getClass().getPackageName();
      assertThat(server.getAllBeanDefinitions())
          .noneMatch(bean -> bean.getBeanType().getName().startsWith(ours));
      assertThat(server.containsBean(ProfileRows.class)).isFalse();
      assertThat(server.containsBean(DataSource.class)).isFalse();
    }
  }

  @Test
  void ourContextHasOursAndThoseOfMicronautDataOnly() throws InterruptedException {
    JdbcSettings settings = JdbcSettings.of(TestProviderContext.in(folder, InstantSource.system()));
    try (var pool = ConnectionPool.open(settings);
        ApplicationContext context = DatabaseContext.start(pool, Engine.SQLITE)) {
      assertThat(beans(context))
          .anyMatch(name -> name.startsWith(getClass().getPackageName()))
          .noneMatch(name -> name.startsWith("io.micronaut.http."))
          .allMatch(
              name ->
                  name.startsWith("io.micronaut.")
                      || name.startsWith(getClass().getPackageName() + "."));
      assertThat(context.getEnvironment().getActiveNames())
          .containsExactly(DatabaseContext.ENVIRONMENT);
    }
  }
}
