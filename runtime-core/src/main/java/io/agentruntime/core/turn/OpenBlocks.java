// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;

/** Closes blocks that were still open when their turn ended. Stateless. */
public final class OpenBlocks {
  private OpenBlocks() {}

  /** The block as it stays: what it had so far, and that it was cut off. */
  public static Block close(Block block, BlockStatus status) {
    Block closed = block.withHeader(block.header().with(status));
    ToolStatus tool = status == BlockStatus.COMPLETE ? ToolStatus.SUCCESS : ToolStatus.ERROR;
    return switch (closed) {
      case Block.ToolUse use when unfinished(use.tool()) -> use.with(tool);
      case Block.Subagent sub when unfinished(sub.tool()) ->
          new Block.Subagent(
              sub.header(),
              sub.toolUseId(),
              sub.agentId(),
              sub.name(),
              sub.description(),
              sub.prompt(),
              tool,
              sub.output(),
              sub.durationMillis());
      default -> closed;
    };
  }

  private static boolean unfinished(ToolStatus status) {
    return status == ToolStatus.PENDING || status == ToolStatus.RUNNING;
  }
}
