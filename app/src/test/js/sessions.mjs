// Scenarios of clients of the existing kinds against a running server:
//   node sessions.mjs URL KEY flat|unified SCENARIO
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { FlatClient, Rest, UnifiedClient, until } from './sessionClients.mjs';

const [url, key, dialect, scenario] = process.argv.slice(2);
const rest = new Rest(url, key);
const Kind = dialect === 'flat' ? FlatClient : UnifiedClient;

const everything =
  'think hm then write a.txt hello then read a.txt then stream 20 then say bye then delete a.txt';

async function open(options) {
  const client = new Kind(rest, options);
  await client.connected();
  return client;
}

async function turn(client, id, text) {
  client.showOptimistically(id, text);
  const { messageId } = await rest.send(id, text);
  await until(() => client.hasEnded(id, messageId), `the end of: ${text}`);
}

/** The client has what GET shows, in the same order, and got nothing twice. */
async function same(client, id) {
  await rest.call('POST', `/api/sessions/${id}/sync`);
  const view = await rest.get(id);
  const expected = Kind.expected(view);
  try {
    await until(() => isDeepStrictEqual(client.state(id), expected), 'it');
  } catch {
    assert.deepEqual(client.state(id), expected);
  }
  const completions = client.completions(id);
  assert.equal(new Set(completions).size, completions.length, `twice: ${completions}`);
  return view;
}

/** What a client was told of the sessions it follows: the list of all comes when it comes. */
function told(client) {
  return client.log.filter((e) => e.name !== 'sessions:list');
}

/** All text that was streamed into a block, as a client has it that appends. */
function streamedText(client, id, block) {
  return client.deltas(id).filter((d) => d.blockId === block).map((d) => d.delta).join('');
}

const scenarios = {
  async aTurnIsFollowedFromTheStart() {
    const client = await open();
    const id = await rest.create();
    await client.open(id);
    await turn(client, id, everything);
    const view = await same(client, id);
    const text = view.blocks.find((b) => b.type === 'assistant_text' && b.content.includes('tick'));
    assert.equal(streamedText(client, id, text.id), text.content);
    client.close();
  },

  async aMessageThatWasShownAtOnceIsNotShownTwice() {
    const client = await open();
    const id = await rest.create();
    await client.open(id);
    for (const text of ['say hello', 'say Grüße 👋🏽  "q" \\ \u2028 <b>&amp;', 'say hello', ' ']) {
      await turn(client, id, text);
    }
    await same(client, id);
    client.close();
  },

  async whatHappensBetweenLoadingAndJoiningIsNotLost() {
    const client = await open();
    const id = await rest.create();
    const follower = await open();
    await follower.open(id);
    await client.open(id, () => turn(follower, id, everything));
    await same(client, id);
    await turn(client, id, 'say more');
    await same(client, id);
    client.close();
    follower.close();
  },

  async aClientThatJoinsInTheMiddleOfATextSeesItGrow() {
    const id = await rest.create();
    const first = await open();
    await first.open(id);
    // Again, should the text have ended before the second client was there.
    for (let inTime = false; !inTime; ) {
      const seen = first.deltas(id).length;
      const { messageId } = await rest.send(id, 'say before then stream 1000 then say after');
      await until(() => first.deltas(id).length > seen + 10, 'the beginning of the text');
      const second = await open();
      await second.open(id);
      inTime = !first.hasEnded(id, messageId);
      await until(() => first.hasEnded(id, messageId), 'the end');
      await same(first, id);
      await same(second, id);
      if (inTime && dialect === 'flat') {
        const streamed = second.sessions.get(id).streamed.find((s) => s.content.includes('tick1000'));
        inTime = streamed !== undefined;
        assert.equal(streamed?.streamed, streamed?.content, 'the stream has the whole text');
      }
      second.close();
    }
    first.close();
  },

  async aClientThatLosesItsConnectionMissesNothing() {
    await breaking({ transports: ['websocket', 'polling'] });
  },

  async aPollingClientThatLosesItsConnectionMissesNothing() {
    await breaking({ transports: ['polling'] });
  },

  async clientsThatLoseTheirConnectionAgainAndAgainMissNothing() {
    const clients = [await open(), await open({ transports: ['polling'] })];
    const id = await rest.create();
    for (const client of clients) {
      await client.open(id);
    }
    await breakAgainAndAgain(clients, id, `${everything} then stream 100 then ${everything}`);
  },

  async aClientThatIsAwayForAWholeTurnMissesNothing() {
    const client = await open();
    const other = await open();
    const id = await rest.create();
    await client.open(id);
    await other.open(id);
    await turn(client, id, 'say one');
    // Gone until the turn is over: the manager tries again only then.
    client.socket.io.reconnection(false);
    client.socket.io.engine.close();
    await until(() => !client.socket.connected, 'the end of the connection');
    await turn(other, id, everything);
    client.socket.io.reconnection(true);
    client.socket.connect();
    await client.connected();
    await Promise.all(client.rejoins);
    assert.equal(client.socket.recovered, true);
    await same(client, id);
    client.close();
    other.close();
  },

  async twoSessionsOverOneConnectionDoNotLoseEachOther() {
    const client = await open();
    const ids = [await rest.create(), await rest.create()];
    for (const id of ids) {
      await client.open(id);
    }
    const sent = await Promise.all(
      ids.map((id) => rest.send(id, 'stream 1000 then write f.txt x then say end')),
    );
    for (let i = 0; i < 4; i++) {
      const seen = client.log.length;
      await until(
        () => client.log.length > seen + 10 || client.hasEnded(ids[1], sent[1].messageId),
        'events of both',
      );
      await client.breakConnection();
    }
    for (const [i, id] of ids.entries()) {
      await until(() => client.hasEnded(id, sent[i].messageId), 'the end');
      const view = await same(client, id);
      const text = view.blocks.find((b) => b.type === 'assistant_text');
      assert.equal(streamedText(client, id, text.id), text.content);
    }
    client.close();
  },

  async whoLeavesAndComesBackGoesOnWhereItWas() {
    const client = await open();
    const other = await open();
    const id = await rest.create();
    await client.open(id);
    await other.open(id);
    await turn(client, id, 'say one');
    await client.leave(id);
    await turn(other, id, everything);
    await client.join(id);
    await same(client, id);
    client.close();
    other.close();
  },

  async whoDisconnectsAndConnectsAgainGoesOnWhereItWas() {
    const client = await open();
    const other = await open();
    const id = await rest.create();
    await client.open(id);
    await other.open(id);
    await turn(client, id, 'say one');
    client.socket.disconnect();
    await turn(other, id, everything);
    client.socket.connect();
    await client.connected();
    await Promise.all(client.rejoins);
    await same(client, id);
    client.close();
    other.close();
  },

  async joiningAgainRepeatsTheStatusAlone() {
    const client = await open();
    const id = await rest.create();
    await client.open(id);
    await turn(client, id, everything);
    await same(client, id);
    // The answer comes behind everything that there is to tell.
    await client.join(id);
    const before = told(client).length;
    const answer = await client.join(id);
    assert.equal(answer.success, true);
    assert.equal(told(client).length, before + 1, 'one event');
    assert.match(JSON.stringify(told(client).at(-1)), /isLoaded/);
    await same(client, id);
    client.close();
  },

  async aCursorGivesExactlyTheRest() {
    const id = await rest.create();
    const first = await open();
    await first.open(id);
    await turn(first, id, 'stream 50 then say a');
    const whole = await open();
    whole.sessions.set(id, emptySession());
    const { lastSeq } = await rest.get(id);
    const answer = await whole.join(id, { after: 0 });
    await until(() => whole.completions(id).length === first.completions(id).length, 'all blocks');
    await same(whole, id);
    assert.ok(answer.seq >= lastSeq, `${answer.seq} < ${lastSeq}`);

    // From the middle of a text: the deltas after that place, each once.
    const { messageId } = await rest.send(id, 'stream 300');
    await until(() => first.hasEnded(id, messageId), 'the end');
    const all = first.deltas(id);
    const middle = all[Math.floor(all.length / 2)].seq;
    const rest2 = await open();
    await rest2.join(id, { after: middle });
    const expected = all.filter((d) => d.seq > middle).map((d) => d.delta).join('');
    await until(() => rest2.deltas(id).map((d) => d.delta).join('') === expected, 'the rest');
    for (const client of [first, whole, rest2]) {
      client.close();
    }
  },

  async aCursorOfAnotherLogStartsOver() {
    const id = await rest.create();
    const client = await open();
    const answer = await client.join(id, { after: 1_000_000 });
    assert.equal(answer.success, true);
    const names = told(client).map((e) => e.payload?.type ?? e.name);
    assert.deepEqual(names.slice(0, 2), dialect === 'flat'
      ? ['session:reset', 'session:status'] : ['session:reset', 'status']);
    client.close();
  },

  async aFailedTurnIsToldOfOnce() {
    const client = await open();
    const id = await rest.create();
    await client.open(id);
    await turn(client, id, 'say a then fail because');
    await same(client, id);
    const errors = client.log.filter((e) => e.name === 'error' || e.payload?.type === 'error');
    assert.equal(errors.length, 1, JSON.stringify(errors));
    client.close();
  },

  async aSessionThatIsUnloadedAndComesBackIsStillFollowed() {
    const client = await open();
    const id = await rest.create();
    await client.open(id);
    await turn(client, id, 'say one');
    await rest.call('DELETE', `/api/sessions/${id}`);
    await until(
      () => client.sessions.get(id).runtime?.isLoaded === false, 'the news that it is unloaded');
    await turn(client, id, 'recall');
    const view = await same(client, id);
    assert.match(JSON.stringify(view.blocks), /I recall: say one/);
    client.close();
  },

  async theStatusComesBeforeTheAnswer() {
    const client = await open();
    const id = await rest.create();
    let answered = false;
    let early = false;
    client.socket.onAny((name) => {
      early ||= !answered && (name === 'session:status' || name === 'session:event');
    });
    await client.join(id);
    answered = true;
    assert.equal(early, true);
    client.close();
  },
};

function emptySession() {
  return dialect === 'flat'
    ? { blocks: [], subagents: new Map(), files: new Map(), streams: new Map(), streamed: [], metadata: {} }
    : { blocks: [], subagents: [], files: new Map() };
}

/**
 * Has turns go on while connections break whenever anything is told, from a turn's first word to its
 * last; until that was often enough.
 */
async function breakAgainAndAgain(clients, id, text) {
  for (let breaks = 0; breaks < 12; ) {
    const { messageId } = await rest.send(id, text);
    for (let seen = 0; !clients[0].hasEnded(id, messageId); breaks++) {
      await until(
        () => clients[0].log.length > seen || clients[0].hasEnded(id, messageId), 'anything');
      await Promise.all(clients.map((client) => client.breakConnection()));
      seen = clients[0].log.length;
    }
  }
  for (const client of clients) {
    const view = await same(client, id);
    for (const block of view.blocks.filter((b) => b.type === 'assistant_text')) {
      assert.equal(streamedText(client, id, block.id), block.content, 'every delta once');
    }
    client.close();
  }
}

async function breaking(options) {
  const client = await open(options);
  const id = await rest.create();
  await client.open(id);
  const { messageId } = await rest.send(
    id, 'say before then stream 1000 then write b.txt x then say after');
  for (let i = 0; i < 5; i++) {
    const seen = client.deltas(id).length;
    await until(
      () => client.deltas(id).length > seen + 5 || client.hasEnded(id, messageId), 'more deltas');
    await client.breakConnection();
    assert.equal(client.socket.recovered, true, 'the protocol says that nothing is lost');
  }
  await until(() => client.hasEnded(id, messageId), 'the end');
  const view = await same(client, id);
  const text = view.blocks.find((b) => b.content?.includes?.('tick1000'));
  assert.equal(streamedText(client, id, text.id), text.content, 'every delta once');
  client.close();
}

/** Not in the list: they need a server with the real agent program and a scripted model. */
const withTheRealProgram = {
  async aRealAgentIsFollowedOverBrokenConnections() {
    const clients = [await open(), await open({ transports: ['polling'] })];
    const id = await rest.create('default', dialect === 'flat' ? 'claude-agent-sdk' : 'claude-sdk');
    for (const client of clients) {
      await client.open(id);
    }
    await breakAgainAndAgain(
      clients,
      id,
      'Go [[think:Hm.]][[text:First.]][[write a.txt|hello]][[slow:40,20]]' +
        '[[subagent:Help [[think:Yes.]][[slow:10,20]][[bash:ls]]]][[bash:rm a.txt]][[text:Last.]]');
    assert.ok((await rest.get(id)).subagents.length > 0);
  },
};

if (scenario === '--list') {
  console.log(Object.keys(scenarios).join('\n'));
} else {
  await { ...scenarios, ...withTheRealProgram }[scenario]();
  process.exit(0);
}
