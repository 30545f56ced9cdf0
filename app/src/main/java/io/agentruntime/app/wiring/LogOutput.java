// SPDX-License-Identifier: MIT

package io.agentruntime.app.wiring;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import io.agentruntime.app.config.ServerConfig;
import java.util.Iterator;
import org.slf4j.LoggerFactory;

/** Sets level and form of the log. Stateless. */
public final class LogOutput {
  private static final String OURS = "io.agentruntime";

  private LogOutput() {}

  /**
   * Makes the log of this process as configured. The level is that of our own code; libraries stay
   * at {@code warn} or above, because what they say at lower levels may quote requests.
   */
  public static void configure(ServerConfig.Logging logging) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    Level level = Level.toLevel(logging.level(), Level.INFO);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    context.getLogger(OURS).setLevel(level);
    root.setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
    if (logging.json()) {
      for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext(); ) {
        if (all.next() instanceof ConsoleAppender<ILoggingEvent> console) {
          writeJson(context, console);
        }
      }
    }
  }

  private static void writeJson(LoggerContext context, ConsoleAppender<ILoggingEvent> console) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithFormattedMessage(true);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.start();
    console.stop();
    console.setEncoder(encoder);
    console.start();
  }
}
