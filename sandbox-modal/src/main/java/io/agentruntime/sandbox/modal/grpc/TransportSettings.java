// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How servers are reached.
 *
 * @param trustStore a PKCS#12 file of certificates to trust, without a password; null for Java's
 *     own
 * @param streamsPerConnection how many calls share a connection: less than any server's limit, as
 *     the HTTP client does not heed that
 * @param connections how many connections a server gets; further calls wait
 * @param connectTimeout how long connecting may take
 * @param messageLimit how many bytes a message may have
 */
public record TransportSettings(
    @Nullable Path trustStore,
    int streamsPerConnection,
    int connections,
    Duration connectTimeout,
    int messageLimit) {
  /** What Modal's own clients take. */
  public static final int DEFAULT_MESSAGE_LIMIT = 100 << 20;
}
