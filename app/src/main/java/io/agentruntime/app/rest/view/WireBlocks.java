// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest.view;

import io.agentruntime.model.block.Block;
import io.agentruntime.support.json.BlockMaps;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Blocks as clients of each dialect know them. Stateless.
 *
 * <p>Flat clients take {@code status} of a tool or subagent for how far its execution has come,
 * unified ones for the block's life cycle; both find the other one beside it.
 */
public final class WireBlocks {
  private static final String SUBAGENT_PREFIX = "agent-";

  private WireBlocks() {}

  /** A block for flat clients. */
  public static Map<String, Object> flat(Block block) {
    Map<String, Object> map = new LinkedHashMap<>(BlockMaps.write(block));
    if (block instanceof Block.Subagent subagent) {
      map.put("id", subagentBlockId(subagent));
      map.put("subagentId", subagent.toolUseId());
    }
    Object tool = map.get("toolStatus");
    if (tool != null) {
      map.put("lifecycle", block.status().name().toLowerCase(java.util.Locale.ROOT));
      map.put("status", tool);
    }
    return map;
  }

  /** A block for unified clients. */
  public static Map<String, Object> unified(Block block) {
    if (!(block instanceof Block.Subagent subagent)) {
      return BlockMaps.write(block);
    }
    Map<String, Object> map = new LinkedHashMap<>(BlockMaps.write(block));
    map.put("id", subagentBlockId(subagent));
    String agentId = subagent.agentId();
    if (agentId != null) {
      map.put("subagentId", SUBAGENT_PREFIX + agentId);
    }
    return map;
  }

  /**
   * The id of a block on the wire. The block that stands for a subagent carries the id that unified
   * clients give it when they hear of the subagent, so that they do not show it twice.
   */
  public static String idOf(Block block) {
    return block instanceof Block.Subagent subagent
        ? subagentBlockId(subagent)
        : block.id().value();
  }

  private static String subagentBlockId(Block.Subagent subagent) {
    return "subagent-block-" + subagent.toolUseId();
  }
}
