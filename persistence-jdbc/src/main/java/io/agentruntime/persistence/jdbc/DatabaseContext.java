// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextConfiguration;
import io.micronaut.context.DefaultApplicationContext;
import io.micronaut.context.DefaultApplicationContextBuilder;
import io.micronaut.inject.BeanDefinitionReference;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * A Micronaut context with nothing in it but Micronaut Data and what is in this package.
 *
 * <p>Providers lie on one class path with the server, whose own beans would otherwise be taken for
 * beans of this context as well.
 */
final class DatabaseContext extends DefaultApplicationContextBuilder {
  /** Nobody but this class starts a context with it: to others our beans do not exist. */
  static final String ENVIRONMENT = "agent-runtime-persistence-jdbc";

  private static final List<String> NEEDED =
      List.of(
          DatabaseContext.class.getPackageName() + ".",
          "io.micronaut.data.",
          "io.micronaut.transaction.",
          "io.micronaut.jdbc.",
          "io.micronaut.aop.",
          "io.micronaut.inject.",
          "io.micronaut.context.",
          "io.micronaut.runtime.",
          "io.micronaut.json.",
          "io.micronaut.scheduling.");

  private DatabaseContext() {}

  /** Starts a context around a data source, which it does not close. */
  static ApplicationContext start(DataSource dataSource, Engine engine) {
    return new DatabaseContext()
        .classLoader(DatabaseContext.class.getClassLoader())
        .deduceEnvironment(false)
        .environments(ENVIRONMENT)
        .enableDefaultPropertySources(false)
        .environmentPropertySource(false)
        .bootstrapEnvironment(false)
        .banner(false)
        .properties(Map.of("datasources.default.dialect", engine.micronautDialect()))
        .singletons(new DataSources.Given(dataSource))
        .start();
  }

  @Override
  protected ApplicationContext newApplicationContext() {
    return new Isolated(this);
  }

  @SuppressWarnings("overrides") // Micronaut's own.
  private static final class Isolated extends DefaultApplicationContext {
    Isolated(ApplicationContextConfiguration configuration) {
      super(configuration);
    }

    @Override
    @SuppressWarnings("rawtypes") // As it is declared.
    protected List<BeanDefinitionReference> resolveBeanDefinitionReferences() {
      return super.resolveBeanDefinitionReferences().stream()
          .filter(bean -> NEEDED.stream().anyMatch(bean.getBeanDefinitionName()::startsWith))
          .toList();
    }
  }
}
