// Runs an agent program that speaks the Agent Client Protocol on its standard input and output, and
// merges into its output what it writes into its own chat files, where more is said than on the wire.
//
//   node bridge.cjs CHATS COMMAND...     CHATS: the folder with one folder of chats per project
//
// A record is printed before every line that the program writes after it. One message is ours:
//   {"jsonrpc":"2.0","method":"_agent-runtime/follow","params":{"sessionId":...}}
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');

const [root, ...command] = process.argv.slice(2);
const POLL_MILLIS = 100;
const END_MILLIS = 10_000;
const FOLLOW = '"method":"_agent-runtime/follow"';
const KEPT = 'session-restored-';

function list(folder) {
  try {
    return fs.readdirSync(folder).sort();
  } catch (e) {
    if (e.code === 'ENOENT' || e.code === 'ENOTDIR') return [];
    throw e;
  }
}

// The program names a chat after the minute in which it is opened or loaded, and when that is the
// minute in which it was begun, it wipes the chat it loads: so finished chats get another name.
for (const project of list(root)) {
  const chats = path.join(root, project, 'chats');
  for (const name of list(chats)) {
    const match = /^session-\d{4}-.*-([0-9a-f]{8})\.jsonl$/.exec(name);
    if (!match) continue;
    const kept = path.join(chats, KEPT + match[1] + '.jsonl');
    // One that was kept before is the chat itself; the other holds only that it was loaded.
    if (fs.existsSync(kept)) fs.unlinkSync(path.join(chats, name));
    else fs.renameSync(path.join(chats, name), kept);
  }
}

// ---- chats -----------------------------------------------------------------------------------

class Chat {
  constructor(file, name) {
    this.file = file;
    this.name = name;
    this.offset = 0;
    this.seen = new Set();
    this.tools = new Set();
  }

  // The whole lines that were added.
  read() {
    let size;
    try {
      size = fs.statSync(this.file).size;
    } catch (e) {
      if (e.code === 'ENOENT') return [];
      throw e;
    }
    if (size <= this.offset) return [];
    const bytes = Buffer.alloc(size - this.offset);
    const fd = fs.openSync(this.file, 'r');
    let length = 0;
    try {
      length = fs.readSync(fd, bytes, 0, bytes.length, this.offset);
    } finally {
      fs.closeSync(fd);
    }
    const end = bytes.lastIndexOf(10, length - 1) + 1;
    this.offset += end;
    return bytes.toString('utf8', 0, end).split('\n').filter((line) => line);
  }

  // What is new in the lines: records are written again and again, each time with more in them.
  news() {
    const news = [];
    for (const line of this.read()) {
      let record;
      try {
        record = JSON.parse(line);
      } catch {
        continue;
      }
      const slim = this.slim(record);
      if (slim) news.push(slim);
    }
    return news;
  }

  slim(record) {
    if (record.kind === 'subagent' && record.sessionId) {
      return { sessionId: record.sessionId, kind: record.kind };
    }
    if (typeof record.id !== 'string' || (record.type !== 'user' && record.type !== 'gemini')) {
      return null;
    }
    const tools = (record.toolCalls || []).filter((call) => !this.tools.has(call.id));
    tools.forEach((call) => this.tools.add(call.id));
    const key = record.id + (record.tokens ? '+' : '');
    const known = this.seen.has(key);
    this.seen.add(key);
    if (known && tools.length === 0) return null;
    const slim = { ...record };
    delete slim.timestamp;
    delete slim.displayContent;
    if (record.toolCalls) slim.toolCalls = tools.map(slimCall);
    return slim;
  }
}

function slimCall(call) {
  const slim = { ...call };
  const display = call.resultDisplay;
  delete slim.resultDisplay;
  if (display && typeof display === 'object' && typeof display.fileDiff === 'string') {
    slim.resultDisplay = { fileDiff: display.fileDiff, filePath: display.filePath };
  }
  return slim;
}

let sessionId = null;
let main = null;
let chats = null;
const subagents = new Map();

function follow(id) {
  sessionId = id;
  main = null;
  subagents.clear();
  for (const project of list(root)) {
    const folder = path.join(root, project, 'chats');
    const names = list(folder).filter((name) => name.endsWith('-' + id.slice(0, 8) + '.jsonl'));
    if (names.length === 0) continue;
    chats = folder;
    const name = names.find((each) => each.startsWith(KEPT)) || names[names.length - 1];
    main = new Chat(path.join(folder, name), 'main');
  }
  if (main) {
    main.news();
    children().forEach((chat) => chat.news());
  }
}

function children() {
  const folder = path.join(chats, sessionId);
  for (const name of list(folder)) {
    if (name.endsWith('.jsonl') && !subagents.has(name)) {
      subagents.set(name, new Chat(path.join(folder, name), name.slice(0, -6)));
    }
  }
  return [...subagents.values()];
}

// Prints what is new. The main chat is read first and printed last: what a subagent wrote before
// it ended then stands before its end.
function collect() {
  if (!main) return;
  const own = main.news();
  for (const chat of children()) print(chat.name, chat.news());
  print(main.name, own);
}

function print(file, records) {
  for (const record of records) {
    const message = { jsonrpc: '2.0', method: '_agent-runtime/record', params: { file, record } };
    process.stdout.write(JSON.stringify(message) + '\n');
  }
}

// ---- lines -----------------------------------------------------------------------------------

// Calls `each` with every line of a stream, without its line end.
function lines(stream, each) {
  let parts = [];
  stream.on('data', (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, end));
      const line = Buffer.concat(parts);
      parts = [];
      from = end + 1;
      each(line);
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  });
}

const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
let busy = 0;

child.on('error', (e) => {
  process.stderr.write(`cannot run ${command[0]}: ${e.message}\n`);
  process.exit(e.code === 'ENOENT' ? 127 : 126);
});
child.stdin.on('error', () => {
  // It has ended; its exit code says more.
});

lines(process.stdin, (line) => {
  const start = line.toString('utf8', 0, 200);
  if (start.includes(FOLLOW)) {
    follow(JSON.parse(line.toString('utf8')).params.sessionId);
    return;
  }
  if (start.includes('"method":"session/prompt"')) busy++;
  child.stdin.write(Buffer.concat([line, Buffer.from('\n')]));
});
process.stdin.on('end', () => {
  child.stdin.end();
  // With servers of its own the program may stay when its input has ended.
  setTimeout(() => child.kill('SIGKILL'), END_MILLIS).unref();
});

lines(child.stdout, (line) => {
  collect();
  if (/^\{"jsonrpc":"2\.0","id":\d+,"(?:result|error)"/.test(line.toString('utf8', 0, 60))) {
    busy = Math.max(0, busy - 1);
  }
  process.stdout.write(Buffer.concat([line, Buffer.from('\n')]));
});

// Between its lines too: a subagent works long without a word on the wire.
setInterval(() => {
  if (busy > 0) collect();
}, POLL_MILLIS).unref();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('close', (code, signal) => {
  collect();
  const number = signal ? require('node:os').constants.signals[signal] : 0;
  process.exitCode = signal ? 128 + number : code;
  process.stdin.destroy();
});
