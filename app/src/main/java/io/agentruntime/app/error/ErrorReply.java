// SPDX-License-Identifier: MIT

package io.agentruntime.app.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of every reply that is not a success.
 *
 * @param success false when the body was refused field by field, else absent
 * @param error what happened, for people; always a text, which clients show as it is
 * @param code what happened, stable, for programs
 * @param issues what is wrong with which field, when the body was refused
 */
public record ErrorReply(
    @Nullable Boolean success, String error, String code, @Nullable List<ValidationIssue> issues) {}
