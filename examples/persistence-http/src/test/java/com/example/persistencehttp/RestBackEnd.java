package com.example.persistencehttp;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A small REST service as the adapter expects it: documents in memory, contents in files. It
 * outlives the adapters that use it, which is all that {@code DURABLE} asks of a store elsewhere.
 */
final class RestBackEnd implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is kept of a session; guarded by itself. */
  private static final class Session {
    final Map<String, Object> record;
    final Map<String, String> subagents = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> files = new LinkedHashMap<>();
    String transcript;

    Session(Map<String, Object> record) {
      this.record = record;
    }
  }

  private record Reply(int status, Object body) {
    static final Reply DONE = new Reply(204, null);
    static final Reply NOT_FOUND = new Reply(404, Map.of("error", "no such thing"));
  }

  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final Path blobs;
  private final String token;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Runs it until standard input ends: to try an adapter by hand. Its first line is its URL. */
  public static void main(String[] args) throws IOException {
    try (RestBackEnd backEnd = new RestBackEnd(Files.createTempDirectory("rest-back-end"), "")) {
      System.out.println(backEnd.url());
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
  }

  /**
   * Starts it.
   *
   * @param blobs an empty folder for contents
   * @param token what clients must send; empty for none
   */
  RestBackEnd(Path blobs, String token) throws IOException {
    this.blobs = blobs;
    this.token = token;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Reply reply;
      try {
        reply = allowed(exchange) ? answer(exchange) : new Reply(401, Map.of("error", "token"));
      } catch (RuntimeException e) {
        reply = new Reply(400, Map.of("error", String.valueOf(e)));
      }
      exchange.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream());
      if (reply.body() instanceof Path file) {
        exchange.sendResponseHeaders(reply.status(), Math.max(Files.size(file), 0));
        Files.copy(file, exchange.getResponseBody());
      } else if (reply.body() == null) {
        exchange.sendResponseHeaders(reply.status(), -1);
      } else {
        byte[] body = JSON.writeValueAsBytes(reply.body());
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(reply.status(), body.length);
        exchange.getResponseBody().write(body);
      }
    }
  }

  private boolean allowed(HttpExchange exchange) {
    return token.isEmpty()
        || ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"));
  }

  // tag::routes[]
  private Reply answer(HttpExchange exchange) throws IOException {
    String[] path = exchange.getRequestURI().getRawPath().substring("/v1/".length()).split("/");
    String route =
        exchange.getRequestMethod() + " " + path[0] + (path.length > 2 ? " " + path[2] : "");
    return switch (route + (path.length == 1 ? " *" : "")) {
      case "GET agent-profiles *" -> new Reply(200, List.of(Map.of("id", "kept", "name", "Kept")));
      case "GET agent-profiles" -> profile(path[1]);
      case "GET sessions *" -> new Reply(200, records());
      case "POST sessions *" -> create(object(exchange));
      case "GET sessions" -> load(path[1]);
      case "PATCH sessions" -> update(path[1], object(exchange));
      case "PUT sessions transcript" -> transcript(path[1], text(exchange));
      case "PUT sessions subagents" -> subagent(path[1], decoded(path[3]), text(exchange));
      case "PUT sessions blobs" -> keep(path[1], path[3], exchange.getRequestBody());
      case "GET sessions blobs" -> content(path[1], path[3]);
      case "PUT sessions files" -> file(path[1], object(exchange));
      case "DELETE sessions files" -> forget(path[1], exchange.getRequestURI().getRawQuery());
      default -> Reply.NOT_FOUND;
    };
  }

  // end::routes[]

  private static Reply profile(String id) {
    return id.equals("kept") ? new Reply(200, Map.of("id", id, "name", "Kept")) : Reply.NOT_FOUND;
  }

  private List<Object> records() {
    List<Object> records = new ArrayList<>();
    for (Session session : sessions.values()) {
      synchronized (session) {
        records.add(new LinkedHashMap<>(session.record));
      }
    }
    return records;
  }

  private Reply create(Map<String, Object> record) {
    String id = record.get("sessionId").toString();
    boolean isNew = sessions.putIfAbsent(id, new Session(record)) == null;
    return new Reply(isNew ? 201 : 409, Map.of("sessionId", id));
  }

  private Reply load(String id) {
    Session session = sessions.get(id);
    if (session == null) {
      return Reply.NOT_FOUND;
    }
    synchronized (session) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("record", new LinkedHashMap<>(session.record));
      all.put("transcript", session.transcript);
      all.put("subagents", new LinkedHashMap<>(session.subagents));
      all.put("files", new ArrayList<>(session.files.values()));
      return new Reply(200, all);
    }
  }

  private Reply update(String id, Map<String, Object> fields) {
    return change(id, session -> session.record.putAll(fields));
  }

  private Reply transcript(String id, String text) {
    return change(id, session -> session.transcript = text);
  }

  private Reply subagent(String id, String subagent, String text) {
    return change(id, session -> session.subagents.put(subagent, text));
  }

  private Reply file(String id, Map<String, Object> file) {
    return change(id, session -> session.files.put(file.get("path").toString(), file));
  }

  private Reply forget(String id, String query) {
    return change(id, session -> session.files.remove(decoded(query.substring("path=".length()))));
  }

  private Reply change(String id, java.util.function.Consumer<Session> change) {
    Session session = sessions.get(id);
    if (session == null) {
      return Reply.NOT_FOUND;
    }
    synchronized (session) {
      change.accept(session);
    }
    return Reply.DONE;
  }

  private Reply keep(String id, String hash, InputStream bytes) throws IOException {
    if (!sessions.containsKey(id)) {
      return Reply.NOT_FOUND;
    }
    Path draft = Files.createTempFile(blobs, "draft", "");
    Files.copy(bytes, draft, StandardCopyOption.REPLACE_EXISTING);
    Files.move(draft, blobs.resolve(id + "-" + hash), StandardCopyOption.REPLACE_EXISTING);
    return Reply.DONE;
  }

  private Reply content(String id, String hash) {
    Path file = blobs.resolve(id + "-" + hash);
    return Files.exists(file) ? new Reply(200, file) : Reply.NOT_FOUND;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String text(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Map<String, Object> object(HttpExchange exchange) throws IOException {
    return JSON.readValue(text(exchange), new TypeReference<>() {});
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
