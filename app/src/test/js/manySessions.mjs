// A client that follows as many sessions as it may, against a running server:
//   node manySessions.mjs URL KEY SESSIONS
// When its connection breaks it joins them all again at once, and then lacks nothing.
import assert from 'node:assert/strict';
import { FlatClient, Rest, until } from './sessionClients.mjs';

const [url, key, sessions] = process.argv.slice(2);
const PATIENCE = 150;
const rest = new Rest(url, key);
const client = new FlatClient(rest, { transports: ['websocket'] });
await client.connected();

const ids = [];
for (let i = 0; i < Number(sessions); i++) {
  const id = await rest.create();
  await client.open(id);
  ids.push(id);
}

async function turn(id, text) {
  const { messageId } = await rest.send(id, text);
  await until(() => client.hasEnded(id, messageId), `the end of a turn of ${id}`, PATIENCE);
}

await turn(ids.at(0), 'say before');
for (let i = 0; i < 3; i++) {
  await client.breakConnection();
  assert.equal(client.socket.recovered, true);
  const answers = await Promise.all(client.rejoins);
  assert.equal(answers.length, ids.length);
  assert.ok(answers.every((answer) => answer.success), 'each was joined again');
  await turn(ids.at(0), `say first ${i}`);
  await turn(ids.at(-1), `say last ${i}`);
}
for (const id of [ids.at(0), ids.at(-1)]) {
  assert.deepEqual(client.state(id), FlatClient.expected(await rest.get(id)));
}
process.exit(0);
