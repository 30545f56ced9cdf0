// SPDX-License-Identifier: MIT

package io.agentruntime.app.laws;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The production code of every module, and the packages by which the modules are told apart. */
final class OurCode {
  static final String ALL = "io.agentruntime..";
  static final String API_MODEL = "io.agentruntime.model..";
  static final String API_ERROR = "io.agentruntime.error..";
  static final String API_SPI = "io.agentruntime.spi..";
  static final String API_SUPPORT = "io.agentruntime.support..";
  static final String CORE = "io.agentruntime.core..";
  static final String TESTKIT = "io.agentruntime.testkit..";
  static final String SCRIPTED_MODEL = "io.agentruntime.scriptedmodel..";
  static final String APP = "io.agentruntime.app..";

  /** {@code io.agentruntime}, which holds nothing but its description, is the API's too. */
  static final String[] API = {"io.agentruntime", API_MODEL, API_ERROR, API_SPI, API_SUPPORT};

  static final String[] PROVIDERS = {
    "io.agentruntime.sandbox..", "io.agentruntime.persistence..", "io.agentruntime.architecture.."
  };

  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          // Jars of tests, and the messages of Modal, which protoc writes.
          .withImportOption(location -> !location.contains("-tests.jar"))
          .withImportOption(location -> !location.contains("/sandbox/modal/wire/"))
          .importPackages("io.agentruntime");

  private OurCode() {}
}
