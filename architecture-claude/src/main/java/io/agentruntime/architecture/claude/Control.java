// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.architecture.support.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** The lines we write that are not messages. */
final class Control {
  private Control() {}

  /** The request to stop; messages that wait inside the program are withdrawn. */
  static String interrupt(String requestId) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("subtype", "interrupt");
    request.put("cancel_queued", true);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("type", "control_request");
    line.put("request_id", requestId);
    line.put("request", request);
    return Json.write(line);
  }

  /** A good answer to one of the program's requests. */
  static String response(String requestId, Map<String, Object> response) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("subtype", "success");
    body.put("request_id", requestId);
    body.put("response", response);
    return Json.write(line(body));
  }

  /** The answer to a request that we do not know: silence would make the program wait for ever. */
  static String unsupported(String requestId, String subtype) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("subtype", "error");
    body.put("request_id", requestId);
    body.put("error", "unsupported request: " + subtype);
    return Json.write(line(body));
  }

  private static Map<String, Object> line(Map<String, Object> body) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("type", "control_response");
    line.put("response", body);
    return line;
  }
}
