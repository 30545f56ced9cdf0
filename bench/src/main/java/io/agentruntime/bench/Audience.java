// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import java.util.ArrayList;
import java.util.List;

/** Sessions with clients that follow them. One thread at a time. */
final class Audience implements AutoCloseable {
  private final RestClient rest;
  private final List<String> sessions = new ArrayList<>();
  private final List<Stamps> stamps = new ArrayList<>();
  private final List<SocketIoClient> clients = new ArrayList<>();

  Audience(FakeBackedServer server, int sessionCount, int clientsEach) throws Exception {
    rest = server.rest();
    for (int s = 0; s < sessionCount; s++) {
      String session = rest.create("scripted");
      sessions.add(session);
      for (int c = 0; c < clientsEach; c++) {
        Stamps stamp = new Stamps();
        SocketIoClient client = server.connect(stamp);
        client.join(session);
        stamps.add(stamp);
        clients.add(client);
      }
    }
  }

  /** The sessions' ids. */
  List<String> sessions() {
    return List.copyOf(sessions);
  }

  /** What the clients are told. */
  List<Stamps> stamps() {
    return List.copyOf(stamps);
  }

  /** Starts a turn of so many deltas, so many a second, in every session. */
  void begin(int deltas, int rate) throws Exception {
    for (String session : sessions) {
      rest.send(session, "stamps " + deltas + " " + rate);
    }
  }

  /** The latencies at all clients once the turns have ended. */
  Figures end(int deltas) throws InterruptedException {
    Figures all = new Figures();
    for (Stamps stamp : stamps) {
      all.addAll(stamp.await(deltas).millis());
    }
    return all;
  }

  /** One turn in every session. */
  Figures turn(int deltas, int rate) throws Exception {
    begin(deltas, rate);
    return end(deltas);
  }

  @Override
  public void close() {
    clients.forEach(SocketIoClient::close);
  }
}
