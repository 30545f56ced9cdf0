// SPDX-License-Identifier: MIT

/**
 * A small HTTP/1.1 server on virtual threads that can do what a model's failure modes ask for:
 * notice a client that leaves while nothing is sent, and cut an answer in the middle. It knows no
 * model.
 */
@NullMarked
package io.agentruntime.scriptedmodel.http;

import org.jspecify.annotations.NullMarked;
