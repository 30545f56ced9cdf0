// A client that stops reading for a while, against a running server:
//   node slowReader.mjs URL KEY TURNS BLOCKS DELTAS
// It must be cut off while a session goes on, come back by itself, and then lack nothing.
import assert from 'node:assert/strict';
import { FlatClient, Rest, until } from './sessionClients.mjs';

const [url, key, turns, blocks, deltas] = process.argv.slice(2);
const rest = new Rest(url, key);

const PATIENCE = 150;

const id = await rest.create();
const [client, other] = [0, 1].map(() => new FlatClient(rest, { transports: ['websocket'] }));
for (const each of [client, other]) {
  await each.connected();
  await each.open(id);
}

async function turn(text, reader) {
  const { messageId } = await rest.send(id, text);
  await until(() => reader.hasEnded(id, messageId), 'the end of a turn', PATIENCE);
}

await turn('stream 10', client);
const before = client.log.length;

// What the kernels hold arrives later, and no more than that.
const ended = new Promise((resolve) => client.socket.once('disconnect', resolve));
client.socket.io.engine.transport.ws.pause();
// Long texts, as the kernels take some megabytes before anything waits in the server.
const text = [`say ${'x'.repeat(300_000)}`, ...Array(Number(blocks)).fill(`stream ${deltas}`)].join(' then ');
for (let i = 0; i < Number(turns); i++) {
  await turn(text, other);
}
const complete = await rest.get(id);
const whole = complete.blocks.filter((b) => b.type === 'assistant_text');
assert.equal(whole.length, 1 + turns * (1 + Number(blocks)));
assert.equal(client.log.length, before, 'it has read nothing meanwhile');

const back = new Promise((resolve) => client.socket.once('connect', resolve));
client.socket.io.engine.transport.ws.resume();
assert.match(await ended, /^transport (close|error)$/);
const cutAt = client.completions(id).length;
assert.ok(cutAt < complete.blocks.length, `cut off after ${cutAt} of ${complete.blocks.length} blocks`);
await back;
assert.equal(client.socket.recovered, true);

await until(() => client.completions(id).length >= complete.blocks.length, 'all blocks', PATIENCE);
const expected = FlatClient.expected(await rest.get(id));
for (const each of [client, other]) {
  assert.deepEqual(each.state(id), expected);
  const streams = each.sessions.get(id).streamed;
  assert.equal(streams.length, whole.length);
  for (const { streamed, content } of streams) {
    assert.equal(streamed, content, 'every delta once');
  }
}
console.log(`${cutAt} of ${complete.blocks.length} blocks had come before the client was cut off`);
process.exit(0);
