// What a user of the official client does, one scenario after the other:
//   node scenarios.mjs URL websocket|polling|upgrade [SCENARIO...]
// Prints a line for each: its name, and "passed" or what went wrong.
import assert from "node:assert/strict";
import { io } from "socket.io-client";

const [url, mode, ...wanted] = process.argv.slice(2);
const transports = { websocket: ["websocket"], polling: ["polling"], upgrade: ["polling", "websocket"] }[mode];
const clients = [];
let fail = () => {};

function client(options = {}, path = "") {
  const socket = io(url + path, { transports, forceNew: true, reconnectionDelay: 50, ...options });
  clients.push(socket);
  return socket;
}

function once(socket, event) {
  return new Promise((resolve) => socket.once(event, (...args) => resolve(args)));
}

async function connected(options, path) {
  const socket = client(options, path);
  socket.on("connect_error", (error) => fail(error));
  await once(socket, "connect");
  return socket;
}

/** Waits until the client is where its mode ends. */
async function settled(socket) {
  const engine = socket.io.engine;
  if (mode === "upgrade" && engine.transport.name !== "websocket") {
    await new Promise((resolve) => engine.once("upgrade", resolve));
  }
  assert.equal(engine.transport.name, mode === "polling" ? "polling" : "websocket");
}

function call(socket, event, ...args) {
  return socket.timeout(10_000).emitWithAck(event, ...args);
}

const scenarios = {
  async connects() {
    const socket = await connected();
    await settled(socket);
    assert.match(socket.id, /^[\w-]{20}$/);
    assert.notEqual(socket.id, socket.io.engine.id);
  },

  async acknowledges() {
    const socket = await connected();
    for (const value of ["é€😀", { a: [1, 2.5, null, true, "é€😀\u2028\u0000"] }, [], "", 1e21]) {
      assert.deepEqual(await call(socket, "echo", value, "second"), [value, "second"]);
    }
    await settled(socket);
    assert.deepEqual(await call(socket, "echo", "é€😀"), ["é€😀"]);
  },

  async keepsOrder() {
    const socket = await connected({ auth: { token: "fast" } });
    const received = [];
    const done = new Promise((resolve) =>
      socket.on("number", (n) => { received.push(n); if (n === 999) { resolve(); } }));
    // Spread over some time, so that a change of transports falls into it.
    for (let n = 0; n < 1000; n++) {
      socket.emit("repeat", "number", n);
      if (n % 100 === 0) { await new Promise((resolve) => setTimeout(resolve, 20)); }
    }
    await done;
    assert.deepEqual(received, Array.from({ length: 1000 }, (_, n) => n));
    await settled(socket);
  },

  async usesRooms() {
    const [a, b, c] = await Promise.all([connected(), connected(), connected()]);
    assert.deepEqual(await call(a, "join", "r1"), { success: true });
    assert.deepEqual(await call(b, "join", "r1"), { success: true });
    assert.deepEqual(await call(c, "join", "r2"), { success: true });
    c.on("news", () => fail(new Error("c is in another room")));
    const heard = Promise.all([once(a, "news"), once(b, "news")]);
    await call(c, "shout", "r1", "é€😀");
    assert.deepEqual(await heard, [["é€😀"], ["é€😀"]]);
    assert.deepEqual(await call(b, "leave", "r1"), { success: true });
    b.on("news", () => fail(new Error("b has left")));
    const again = once(a, "news");
    await call(c, "shout", "r1", "again");
    assert.deepEqual(await again, ["again"]);
    await call(b, "echo");
    await call(c, "echo");
  },

  async sendsAttachments() {
    const socket = await connected();
    const bytes = new Uint8Array(100_000).map((_, i) => i % 251);
    const reply = await call(socket, "digest", "first", bytes, { deep: [Buffer.from([1, 2, 3])] });
    assert.deepEqual(reply, [
      { bytes: 100_000, sum: bytes.reduce((a, b) => a + b, 0) },
      { bytes: 3, sum: 6 },
    ]);
    await settled(socket);
    assert.deepEqual(await call(socket, "digest", new Uint8Array([7])), [{ bytes: 1, sum: 7 }]);
  },

  async movesLargeMessages() {
    const socket = await connected();
    const text = "é€😀x".repeat(50_000); // 500 KB in UTF-8
    assert.deepEqual(await call(socket, "echo", text), [text]);
    await settled(socket);
    assert.deepEqual(await call(socket, "echo", text), [text]);
  },

  async comesBack() {
    const socket = await connected();
    const first = socket.id;
    const gone = once(socket, "disconnect");
    const back = once(socket, "connect");
    socket.emit("drop me");
    assert.match((await gone)[0], /^transport (close|error)$/);
    await back;
    assert.notEqual(socket.id, first);
    assert.deepEqual(await call(socket, "echo", "back"), ["back"]);
  },

  async isSentAway() {
    const socket = await connected();
    const gone = once(socket, "disconnect");
    const last = once(socket, "last words");
    socket.emit("end me");
    assert.deepEqual(await last, ["good-bye"]);
    assert.deepEqual((await gone)[0], "io server disconnect");
  },

  async leaves() {
    const [a, b] = await Promise.all([connected(), connected()]);
    const id = a.id;
    // Those of earlier scenarios leave too.
    const told = new Promise((resolve) =>
      b.on("somebody left", (who, why) => { if (who === id) { resolve(why); } }));
    await call(b, "echo");
    a.disconnect();
    assert.match(await told, /^(client namespace disconnect|transport close)$/);
  },

  async isRefused() {
    const socket = client({ auth: { token: "wrong" } });
    socket.on("connect", () => fail(new Error("must not connect")));
    const [error] = await once(socket, "connect_error");
    assert.equal(error.message, "Invalid API key");
    assert.deepEqual(error.data, { code: "INVALID_API_KEY" });
    assert.equal(socket.active, false);
  },

  async showsWhoItIs() {
    const socket = await connected({
      auth: { token: "right" }, query: { dialect: "unified", apiKey: "k€y" },
      extraHeaders: { "x-api-key": "header-key" },
    });
    assert.deepEqual(await call(socket, "who am I"), {
      token: "right", dialect: "unified", apiKey: "k€y", header: "header-key", address: "127.0.0.1",
    });
  },

  async asksForAnUnknownNamespace() {
    const socket = client({}, "/elsewhere");
    const [error] = await once(socket, "connect_error");
    assert.equal(error.message, "Invalid namespace");
  },

  async survivesAFailingHandler() {
    const socket = await connected();
    assert.deepEqual(await call(socket, "fail"), { success: false, error: "Internal error" });
    socket.emit("fail");
    assert.deepEqual(await call(socket, "echo", "alive"), ["alive"]);
  },

  async needsNoAcknowledgements() {
    const socket = await connected();
    socket.emit("join", "r1");
    socket.emit("join");
    socket.emit("leave");
    socket.emit("unknown event", { any: "thing" });
    socket.emit("echo");
    const news = once(socket, "news");
    await call(socket, "shout", "r1", "joined");
    assert.deepEqual(await news, ["joined"]);
  },

  async isAskedByTheServer() {
    const socket = await connected();
    socket.on("question", (text, reply) => reply("answer to " + text, new Uint8Array([1, 2])));
    assert.deepEqual(await call(socket, "ask me", "é€😀"), ["answer to é€😀", 2]);
    socket.removeAllListeners("question");
    assert.deepEqual(await call(socket, "ask me", "nobody"), ["TimeoutException"]);
  },

  async staysOverManyHeartbeats() {
    const socket = await connected();
    let pings = 0;
    socket.io.on("ping", () => pings++);
    const id = socket.id;
    while (pings < 5) { await once(socket.io, "ping"); }
    assert.deepEqual(await call(socket, "echo", "alive"), ["alive"]);
    assert.equal(socket.id, id);
  },
};

async function run(name) {
  let timeout;
  const failure = new Promise((_, reject) => {
    fail = reject;
    timeout = setTimeout(() => reject(new Error("takes too long")), 45_000);
  });
  try {
    await Promise.race([scenarios[name](), failure]);
    return "passed";
  } catch (error) {
    return JSON.stringify(error.stack);
  } finally {
    clearTimeout(timeout);
    clients.splice(0).forEach((socket) => socket.disconnect());
  }
}

for (const name of wanted.length > 0 ? wanted : Object.keys(scenarios)) {
  console.log(`${name} ${await run(name)}`);
}
// Nothing may be left that keeps the process alive.
