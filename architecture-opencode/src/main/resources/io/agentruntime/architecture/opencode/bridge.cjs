// Runs `opencode serve` on a loopback port that only it knows the password of, and turns it into
// lines: commands on standard input, what happens on standard output.
//
//   BUN_BE_BUN=1 opencode bridge.cjs FOLDER    FOLDER: where transcripts are kept
//
// In:  {"id":1,"command":"open","session":"ses_…"|null,"resume":true}
//      {"id":2,"command":"prompt"|"command","body":{…}}
//      {"command":"abort"}      {"command":"permit","request":"per_…","body":{…}}
// Out: {"type":"session.open","id":1,"session":"ses_…","created":true}
//      {"type":"session.lost","id":1,"message":"…"}
//      {"type":"turn.end","id":2,"info":{…}}   {"type":"turn.refused","id":2,"message":"…"}
//      {"type":"tool.output","session":"ses_…","part":"prt_…","text":"…"}
//      and the server's own events of this session and of its subagents' sessions.
//
// Before "turn.end" everything that the server has stored of the turn has been printed, whatever
// became of the stream of events; afterwards nothing of that turn is.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { randomBytes } = require('node:crypto');
const { spawn } = require('node:child_process');
const { constants } = require('node:os');

const folder = process.argv[2];
const START_MILLIS = 120_000;
const REQUEST_MILLIS = 60_000;
const HEALTH_MILLIS = 2_000;
const SILENCE_MILLIS = 45_000;
const RETRY_MILLIS = 250;
const KEEP_MILLIS = 10_000;
const END_MILLIS = 10_000;
const MAX_EVENT = 64 << 20;
const MAX_LINE = 128 << 20;
const MAX_OUTPUT = 1 << 20;
const TOLD = new Set([
  'message.updated',
  'message.part.updated',
  'message.part.delta',
  'session.created',
  'session.error',
  'session.status',
  'permission.asked',
  'permission.replied',
]);
const password = randomBytes(32).toString('hex');
const authorization = 'Basic ' + Buffer.from('opencode:' + password).toString('base64');

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

// ---- output ----------------------------------------------------------------------------------

// Written at once, so that a reader that is behind holds the bridge, and nothing piles up in it.
function print(value) {
  const bytes = Buffer.from(JSON.stringify(value) + '\n');
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(1, bytes, at);
    } catch (e) {
      if (e.code !== 'EAGAIN') throw e;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function fail(message) {
  process.stderr.write(message + '\n');
  stop(1);
}

// ---- the server ------------------------------------------------------------------------------

let base = null;
let ending = false;
let exitCode = 0;
fs.mkdirSync(folder, { recursive: true });
endForgotten();
const environment = { ...process.env, OPENCODE_SERVER_PASSWORD: password };
delete environment.BUN_BE_BUN;
delete environment.OPENCODE_SERVER_USERNAME;
const server = spawn(
  process.execPath,
  ['serve', '--hostname', '127.0.0.1', '--port', '0'],
  { stdio: ['ignore', 'pipe', 'inherit'], env: environment },
);
const pidFile = path.join(folder, '.server');
if (server.pid) fs.writeFileSync(pidFile, String(server.pid));

server.on('error', (e) => fail(`cannot run the server: ${e.message}`));
server.on('close', (code, signal) => {
  if (ending) process.exit(exitCode);
  const status = signal ? 128 + constants.signals[signal] : code || 1;
  print({ type: 'server.exit', code: status });
  process.stderr.write(`opencode serve ended with ${signal || 'code ' + code}\n`);
  process.exit(status);
});

let heard = '';
server.stdout.on('data', (chunk) => {
  if (base) return;
  heard = (heard + chunk).slice(-10_000);
  const match = /listening on (http:\/\/[\w.:]+)/.exec(heard);
  if (match) base = match[1];
});

// A bridge that was killed leaves its server behind, which would go on working by itself.
function endForgotten() {
  let pid;
  try {
    pid = Number(fs.readFileSync(path.join(folder, '.server'), 'utf8'));
    const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (command[1] !== 'serve' || command[3] !== '127.0.0.1') return;
  } catch (e) {
    if (e.code === 'ENOENT' || e.code === 'ESRCH' || e.code === 'EACCES') return;
    throw e;
  }
  try {
    process.kill(pid, 'SIGKILL');
  } catch (e) {
    if (e.code !== 'ESRCH' && e.code !== 'EPERM') throw e;
  }
}

function stop(code) {
  ending = true;
  exitCode = code;
  setTimeout(() => server.kill('SIGKILL'), END_MILLIS).unref();
  if (!server.kill('SIGTERM')) process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => stop(128 + constants.signals[signal]));
}

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

// The JSON answer to a request. `millis` null: it may take as long as it likes.
async function ask(method, where, body, millis = REQUEST_MILLIS) {
  const response = await fetch(base + where, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: millis === null ? undefined : AbortSignal.timeout(millis),
    timeout: false,
  });
  const text = await response.text();
  if (!response.ok) throw new Refused(response.status, refusal(response.status, text));
  return text ? JSON.parse(text) : null;
}

function refusal(status, text) {
  let message = '';
  try {
    const error = JSON.parse(text);
    message = error?.data?.message || error?.message || error?.error?.message || '';
  } catch {
    // Not every refusal is JSON; its status says enough then.
  }
  return (message || text.slice(0, 500) || 'no reason given') + ` (HTTP ${status})`;
}

// Asks again while the server cannot be reached: it may not listen yet, or hang once.
async function insist(method, where, body) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask(method, where, body);
    } catch (e) {
      if (e instanceof Refused || attempt === 5) throw e;
      await sleep(RETRY_MILLIS);
    }
  }
}

async function started() {
  for (const end = Date.now() + START_MILLIS; Date.now() < end; await sleep(50)) {
    if (!base) continue;
    try {
      if ((await ask('GET', '/global/health', undefined, HEALTH_MILLIS)).healthy) return;
    } catch (e) {
      if (e instanceof Refused) throw e;
    }
  }
  throw new Error(`the server does not answer within ${START_MILLIS / 1000} s`);
}

// ---- what is followed ------------------------------------------------------------------------

let root = null;
const family = new Set();
let ended = new Set(); // ids of the messages of turns that are over
let settled = new Set(); // ids of parts whose last state was printed
const infos = new Map(); // what was last printed of a message
const asked = new Set(); // permission requests that were printed
const outputs = new Map(); // what running commands have printed, by part
let news = false; // whether something happened since the transcript was last kept
let touched = new Set(); // sessions in which something happened in this turn
const written = new Map(); // when what was last kept of a session was read
let reads = 0;
let turn = null; // the command that runs

function isFinal(part) {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return !part.time || part.time.end !== undefined; // the user's own have no time
    case 'tool':
      return part.state.status === 'completed' || part.state.status === 'error';
    default:
      return true;
  }
}

function told(event) {
  const { type, properties: about } = event;
  if (!TOLD.has(type)) {
    if (type === 'question.asked' && family.has(about.sessionID)) reject(about.id);
    return;
  }
  if (type === 'session.created' && family.has(about.info.parentID)) family.add(about.info.id);
  if (!family.has(about.sessionID)) return;
  const message = about.part?.messageID || about.messageID || about.info?.id;
  if (ended.has(message)) return;
  touched.add(about.sessionID);
  news = true;
  switch (type) {
    case 'message.updated':
      described(slimInfo(about.info));
      break;
    case 'message.part.updated':
      updated(about.part);
      break;
    case 'session.status':
      if (about.status.type === 'retry') print({ type, properties: about });
      break;
    case 'message.part.delta':
      if (!settled.has(about.partID)) print({ type, properties: about });
      break;
    case 'permission.asked':
      if (!asked.has(about.id)) {
        asked.add(about.id);
        print({ type, properties: about });
      }
      break;
    default:
      print({ type, properties: about });
  }
}

// The server tells the same of a message several times.
function described(info) {
  const text = JSON.stringify(info);
  if (infos.get(info.id) === text) return;
  infos.set(info.id, text);
  print({ type: 'message.updated', properties: { sessionID: info.sessionID, info } });
}

function updated(part) {
  if (settled.has(part.id)) return;
  if (isFinal(part)) {
    settled.add(part.id);
    outputs.delete(part.id);
  } else if (part.type === 'tool' && part.state.status === 'running') {
    const known = outputs.get(part.id);
    const output = part.state.metadata?.output;
    const child = part.state.metadata?.sessionId;
    if (known && known.child === child) {
      grown(part, known, output);
      return;
    }
    outputs.set(part.id, { text: '', child });
  }
  const known = slimPart(part);
  if (known) {
    print({ type: 'message.part.updated', properties: { sessionID: part.sessionID, part: known } });
  }
  const begun = outputs.get(part.id);
  if (begun) grown(part, begun, part.state.metadata?.output);
}

function slimInfo(info) {
  const { id, sessionID, role, parentID, providerID, modelID, time, finish, error } = info;
  const slim = { id, sessionID, role, parentID, providerID, modelID, time, finish };
  return error ? { ...slim, error: slimError(error) } : slim;
}

function slimError(error) {
  const { message, statusCode, isRetryable, providerID } = error.data || {};
  return { name: error.name, data: { message, statusCode, isRetryable, providerID } };
}

// What is understood of a part; edits come with whole files, images with all their bytes.
function slimPart(part) {
  const { id, sessionID, messageID, type } = part;
  const slim = { id, sessionID, messageID, type };
  switch (type) {
    case 'text':
    case 'reasoning': {
      const { text, synthetic, ignored, time } = part;
      return { ...slim, text, synthetic, ignored, time };
    }
    case 'tool': {
      const { status, input, output, error, title, time, metadata } = part.state;
      const { exit, diff, filepath, sessionId } = metadata || {};
      const state = { status, input, output, error, title, time };
      state.metadata = { exit, diff, filepath, sessionId };
      return { ...slim, tool: part.tool, callID: part.callID, state };
    }
    case 'step-finish':
      return { ...slim, cost: part.cost, tokens: part.tokens };
    default:
      return null;
  }
}

// The server repeats all the output each time; only what is new is printed.
function grown(part, known, output) {
  if (typeof output !== 'string' || output.length > MAX_OUTPUT) return;
  if (output.length <= known.text.length || !output.startsWith(known.text)) return;
  print({
    type: 'tool.output',
    session: part.sessionID,
    part: part.id,
    text: output.slice(known.text.length),
  });
  known.text = output;
}

// Nobody is there to answer questions: the agent is told so and goes on.
function reject(question) {
  insist('POST', `/question/${question}/reject`, {}).catch((e) => {
    process.stderr.write(`a question could not be rejected: ${e.message}\n`);
  });
}

// Reads the stored messages of a session; prints what is new of this turn, and keeps them.
async function reread(session, printing) {
  const read = ++reads;
  const info = await insist('GET', `/session/${session}`);
  const messages = await insist('GET', `/session/${session}/message`);
  if (printing) {
    for (const message of messages) {
      if (ended.has(message.info.id)) continue;
      if (message.parts.every((part) => settled.has(part.id)) && message.parts.length) continue;
      told({ type: 'message.updated', properties: { sessionID: session, info: message.info } });
      message.parts.forEach(updated);
    }
  }
  if (read < (written.get(session) || 0)) return messages;
  written.set(session, read);
  const name = session === root ? 'main.json' : path.join('subagents', session + '.json');
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file + '.new', JSON.stringify({ info, messages }), { mode: 0o600 });
  fs.renameSync(file + '.new', file);
  return messages;
}

async function adopt(session) {
  family.add(session);
  for (const child of await insist('GET', `/session/${session}/children`)) {
    if (!family.has(child.id)) await adopt(child.id);
  }
}

// After the stream of events was cut: everything is read anew, so that nothing is lost.
async function caughtUp() {
  if (!root) return;
  await adopt(root);
  if (!turn) return;
  for (const session of family) await reread(session, true);
  for (const request of await insist('GET', '/permission')) {
    told({ type: 'permission.asked', properties: request });
  }
  for (const question of await insist('GET', '/question')) {
    told({ type: 'question.asked', properties: question });
  }
}

// ---- events ----------------------------------------------------------------------------------

async function listen(onConnected) {
  let watchdog = null;
  const abort = new AbortController();
  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => abort.abort(), SILENCE_MILLIS);
  };
  alive();
  try {
    const response = await fetch(base + '/event', {
      headers: { authorization, accept: 'text/event-stream' },
      signal: abort.signal,
      timeout: false,
    });
    if (!response.ok) throw new Refused(response.status, 'no events');
    const decoder = new TextDecoder();
    let rest = [];
    let size = 0;
    let skipped = 0;
    for await (const chunk of response.body) {
      alive();
      const lines = decoder.decode(chunk, { stream: true }).split('\n');
      for (let i = 0; i < lines.length; i++) {
        const last = i === lines.length - 1;
        size += lines[i].length;
        if (size > MAX_EVENT) {
          skipped = size;
          rest = [];
        } else {
          rest.push(lines[i]);
        }
        if (last) break;
        if (skipped) print({ type: 'oversized', length: skipped });
        else event(rest.join(''), onConnected);
        rest = [];
        size = 0;
        skipped = 0;
      }
    }
  } finally {
    clearTimeout(watchdog);
  }
}

function event(line, onConnected) {
  if (!line.startsWith('data:')) return;
  const parsed = JSON.parse(line.slice(5));
  if (parsed.type === 'server.connected') onConnected();
  else told(parsed);
}

async function follow(onFirst) {
  let first = true;
  while (!ending) {
    try {
      await listen(() => {
        if (first) onFirst();
        else caughtUp().catch((e) => process.stderr.write(`reading anew failed: ${e.message}\n`));
        first = false;
      });
    } catch (e) {
      if (!ending) process.stderr.write(`the events broke off: ${e.message}\n`);
    }
    await sleep(RETRY_MILLIS);
  }
}

// ---- commands --------------------------------------------------------------------------------

// The one session of this folder's transcripts that is nobody's subagent.
function restored() {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, 'main.json'), 'utf8')).info.id;
  } catch (e) {
    if (e.code === 'ENOENT' || e instanceof SyntaxError || e instanceof TypeError) return null;
    throw e;
  }
}

// The server builds its parts when they are first needed, and one whose building is interrupted
// with the turn that needed it stays broken. So they are built before there is a turn.
async function warmUp() {
  for (const part of ['/config/providers', '/agent', '/command', '/mcp', '/experimental/tool/ids']) {
    await insist('GET', part).catch((e) => process.stderr.write(`${part}: ${e.message}\n`));
  }
}

async function open({ id, session, resume }) {
  const wanted = session || (resume ? restored() : null);
  let known = false;
  if (wanted) {
    try {
      await insist('GET', `/session/${encodeURIComponent(wanted)}`);
      known = true;
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      print({ type: 'session.lost', id, message: e.message });
    }
  }
  // With a title of its own the server asks no model for one.
  root = known ? wanted : (await insist('POST', '/session', { title: 'Agent session' })).id;
  await adopt(root);
  await warmUp();
  const messages = await reread(root, false);
  ended = new Set(messages.map((message) => message.info.id));
  print({ type: 'session.open', id, session: root, created: !known });
}

async function run(next) {
  const { id, command, body } = next;
  turn = next;
  touched = new Set([root]);
  const keeping = keep();
  try {
    if (turn.aborted) {
      print({ type: 'turn.end', id, info: null });
      return;
    }
    let info = null;
    try {
      const where = command === 'prompt' ? 'message' : 'command';
      info = (await ask('POST', `/session/${root}/${where}`, body, null))?.info;
      await settledDown(next);
    } catch (e) {
      if (e instanceof Refused) {
        await settledDown(next);
        await finish();
        // Should a part be broken nevertheless, the next turn gets new ones.
        if (e.status >= 500) await insist('POST', '/instance/dispose', {});
        print({ type: 'turn.refused', id, message: e.message });
        return;
      }
      if (ending) return;
      // The answer was lost on its way: the turn itself goes on, or is over.
      process.stderr.write(`waiting for the turn by asking: ${e.message}\n`);
      await idle();
      await settledDown(next);
    }
    const messages = await finish();
    info = info || messages.findLast((message) => message.info.role === 'assistant')?.info;
    print({ type: 'turn.end', id, info: info ? slimInfo(info) : null });
  } finally {
    clearInterval(keeping);
    turn = null;
  }
}

// A request to stop that is still under way would stop the next turn.
async function settledDown(running) {
  running.over = true;
  if (running.stopping) await running.stopping;
}

async function idle() {
  for (;;) {
    const status = await insist('GET', '/session/status');
    if (!status[root] || status[root].type === 'idle') return;
    await sleep(RETRY_MILLIS);
  }
}

// Prints and keeps what there is of the turn, the parent's before its subagents'.
async function finish() {
  let own = [];
  const over = [];
  for (const session of [...touched].sort((a, b) => (b === root) - (a === root))) {
    const messages = await reread(session, true);
    if (session === root) own = messages;
    messages.forEach((message) => over.push(message.info.id));
  }
  over.forEach((message) => ended.add(message));
  settled = new Set();
  infos.clear();
  outputs.clear();
  asked.clear();
  return own;
}

// A sandbox may be lost in the middle of a turn: what there is so far is kept now and then.
function keep() {
  let busy = false;
  return setInterval(async () => {
    if (busy || !news) return;
    busy = true;
    news = false;
    try {
      for (const session of [...touched]) await reread(session, false);
    } catch (e) {
      process.stderr.write(`keeping the transcript failed: ${e.message}\n`);
    }
    busy = false;
  }, KEEP_MILLIS);
}

async function abort() {
  const running = turn || waiting.find((each) => each.command !== 'open');
  if (!running) return;
  running.aborted = true;
  if (turn !== running || running.stopping) return;
  running.stopping = stopping(running);
  await running.stopping;
}

// Before the turn has really begun there is nothing to stop, so it is said until it ends.
async function stopping(running) {
  while (!running.over && !ending) {
    await ask('POST', `/session/${root}/abort`, {}).catch((e) => {
      process.stderr.write(`stopping the turn failed: ${e.message}\n`);
    });
    if (!running.over) await sleep(RETRY_MILLIS);
  }
}

async function permit({ request, body }) {
  try {
    await insist('POST', `/permission/${encodeURIComponent(request)}/reply`, body);
  } catch (e) {
    // The question may be gone: the turn was stopped.
    if (!(e instanceof Refused)) throw e;
  }
}

const waiting = [];
let working = false;

async function work() {
  if (working) return;
  working = true;
  while (waiting.length) {
    const next = waiting[0];
    if (next.command === 'open') await open(next);
    else await run(next);
    waiting.shift();
  }
  working = false;
}

function commanded(line) {
  if (!line.trim()) return;
  const command = JSON.parse(line);
  let done;
  switch (command.command) {
    case 'open':
    case 'prompt':
    case 'command':
      waiting.push(command);
      done = ready.then(work);
      break;
    case 'abort':
      done = abort();
      break;
    case 'permit':
      done = permit(command);
      break;
    default:
      throw new Error(`no such command: ${command.command}`);
  }
  done.catch((e) => fail(`${command.command} failed: ${e.message}`));
}

const ready = started().then(() => new Promise((resolve) => follow(resolve)));
ready.catch((e) => fail(e.message));

let parts = [];
let held = 0;
process.stdin.on('data', (chunk) => {
  let from = 0;
  for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
    parts.push(chunk.subarray(from, end));
    const line = Buffer.concat(parts).toString('utf8');
    parts = [];
    held = 0;
    from = end + 1;
    try {
      commanded(line);
    } catch (e) {
      fail(`not a command: ${e.message}`);
    }
  }
  if (from < chunk.length) {
    parts.push(Buffer.from(chunk.subarray(from)));
    held += chunk.length - from;
    if (held > MAX_LINE) fail('a command is too long');
  }
});
process.stdin.on('end', () => stop(0));
