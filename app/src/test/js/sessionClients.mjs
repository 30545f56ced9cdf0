// Clients with the rules of the two existing React clients, reduced to what decides their state:
// flat ones append deltas to one stream per conversation and append every completed block without
// looking whether they have it; unified ones merge blocks by id and append deltas to them. Both load
// a session with GET, then join it, and join again on reconnecting without loading it anew.
import { io } from 'socket.io-client';

/** REST with the key. */
export class Rest {
  constructor(url, key) {
    this.url = url;
    this.key = key;
  }

  async call(method, path, body) {
    const response = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${this.key}`, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const json = await response.json();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(json)}`);
    }
    return json;
  }

  async create(profile = 'default', architecture = 'scripted') {
    const wish = { agentProfileRef: profile, architecture };
    return (await this.call('POST', '/api/sessions', wish)).sessionId;
  }

  get(id) {
    return this.call('GET', `/api/sessions/${id}`);
  }

  send(id, content) {
    return this.call('POST', `/api/sessions/${id}/messages`, { content });
  }
}

/** A connection, and the sessions that are followed over it. */
class Client {
  constructor(rest, dialect, options = {}) {
    this.rest = rest;
    this.sessions = new Map();
    this.joined = new Set();
    this.log = [];
    this.rejoins = [];
    this.messages = 0;
    this.socket = io(`${rest.url}/?apiKey=${rest.key}&dialect=${dialect}`, {
      transports: ['websocket', 'polling'],
      reconnection: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 20,
      randomizationFactor: 0,
      forceNew: true,
      ...options,
    });
    this.socket.on('connect', () => {
      // As the existing clients do: join everything again, and ignore the answer.
      this.rejoins = [...this.joined].map((id) => this.emitJoin(id));
    });
    this.socket.onAny((name, payload) => this.log.push({ name, payload }));
  }

  connected() {
    return until(() => this.socket.connected, 'the connection');
  }

  emitJoin(id, ...options) {
    return new Promise((resolve) => this.socket.emit('session:join', id, ...options, resolve));
  }

  /** GET, then join, with anything in between. */
  async open(id, between = async () => {}) {
    await this.load(id);
    await between();
    return this.join(id);
  }

  async join(id, ...options) {
    this.joined.add(id);
    const answer = await this.emitJoin(id, ...options);
    if (!answer.success) {
      throw new Error(`join: ${JSON.stringify(answer)}`);
    }
    return answer;
  }

  /** Shows a message before the server has it, as the existing clients do. */
  showOptimistically(id, content) {
    const block = { id: `optimistic-${++this.messages}`, type: 'user_message', content };
    this.sessions.get(id).blocks.push(block);
  }

  leave(id) {
    this.joined.delete(id);
    return new Promise((resolve) => this.socket.emit('session:leave', id, resolve));
  }

  /** Breaks the connection as a network does, and waits until the client has come back. */
  async breakConnection() {
    const connected = new Promise((resolve) => this.socket.once('connect', resolve));
    this.socket.io.engine.close();
    await connected;
    await Promise.all(this.rejoins);
  }

  close() {
    this.socket.disconnect();
  }
}

export class FlatClient extends Client {
  constructor(rest, options) {
    super(rest, 'flat', options);
    const on = (name, reduce) =>
      this.socket.on(name, (payload) => {
        const session = this.sessions.get(payload.sessionId);
        if (session) {
          reduce(session, payload);
        }
      });
    on('session:status', (s, p) => (s.runtime = p.runtime));
    on('session:block:start', (s, p) => s.streams.set(p.conversationId, ''));
    on('session:block:delta', (s, p) => {
      if (s.streams.has(p.conversationId)) {
        s.streams.set(p.conversationId, s.streams.get(p.conversationId) + p.delta);
      }
    });
    on('session:block:update', (s, p) => {
      const blocks = this.blocksOf(s, p.conversationId);
      const index = blocks.findIndex((b) => b.id === p.blockId);
      if (index >= 0) {
        blocks[index] = { ...blocks[index], ...p.updates };
      }
    });
    on('session:block:complete', (s, p) => {
      const streamed = s.streams.get(p.conversationId);
      s.streams.delete(p.conversationId);
      if (p.block.type === 'assistant_text' && streamed !== undefined) {
        s.streamed.push({ id: p.blockId, streamed, content: p.block.content });
      }
      addComplete(this.blocksOf(s, p.conversationId), p.block);
    });
    on('session:subagent:discovered', (s, p) =>
      s.subagents.set(p.subagent.id, { id: p.subagent.id, blocks: [...p.subagent.blocks] }),
    );
    const file = (s, p) => s.files.set(p.file.path, p.file);
    on('session:file:created', file);
    on('session:file:modified', file);
    on('session:file:deleted', (s, p) => s.files.delete(p.path));
    on('session:metadata:update', (s, p) => (s.metadata = { ...s.metadata, ...p.metadata }));
  }

  blocksOf(session, conversation) {
    if (conversation === 'main') {
      return session.blocks;
    }
    // A subagent that nobody told of: its blocks are dropped.
    return session.subagents.get(conversation)?.blocks ?? [];
  }

  async load(id) {
    const view = await this.rest.get(id);
    this.sessions.set(id, {
      blocks: [...view.blocks],
      subagents: new Map(view.subagents.map((s) => [s.id, { id: s.id, blocks: [...s.blocks] }])),
      files: new Map(view.workspaceFiles.map((f) => [f.path, f])),
      streams: new Map(),
      streamed: [],
      metadata: {},
    });
    return view;
  }

  state(id) {
    const s = this.sessions.get(id);
    return {
      blocks: s.blocks,
      subagents: [...s.subagents.values()],
      files: byPath([...s.files.values()]),
    };
  }

  static expected(view) {
    return {
      blocks: view.blocks,
      subagents: view.subagents.map((s) => ({ id: s.id, blocks: s.blocks })),
      files: byPath(view.workspaceFiles),
    };
  }

  hasEnded(id, message) {
    return this.log.some(
      (e) => /^session:turn:(completed|failed|interrupted)$/.test(e.name) &&
        e.payload.sessionId === id && e.payload.messageId === message,
    );
  }

  deltas(id) {
    return this.log
      .filter((e) => e.name === 'session:block:delta' && e.payload.sessionId === id)
      .map((e) => e.payload);
  }

  completions(id) {
    return this.log
      .filter((e) => e.name === 'session:block:complete' && e.payload.sessionId === id)
      .map((e) => e.payload.blockId);
  }
}

export class UnifiedClient extends Client {
  constructor(rest, options) {
    super(rest, 'unified', options);
    this.socket.on('session:event', ({ type, payload, context }) => {
      const session = this.sessions.get(context.sessionId);
      if (session) {
        this.reduce(session, type, payload, context);
      }
    });
  }

  reduce(session, type, payload, context) {
    const conversation = context.conversationId ?? 'main';
    switch (type) {
      case 'block:upsert': {
        const blocks = this.blocksOf(session, conversation);
        if (payload.block.type === 'user_message' && conversation === 'main') {
          addComplete(blocks, payload.block);
          break;
        }
        const index = blocks.findIndex((b) => b.id === payload.block.id);
        if (index >= 0) {
          blocks[index] = { ...blocks[index], ...payload.block };
        } else {
          blocks.push({ content: '', status: 'pending', ...payload.block });
        }
        break;
      }
      case 'block:delta': {
        const blocks = this.blocksOf(session, conversation);
        const index = blocks.findIndex((b) => b.id === payload.blockId);
        if (index >= 0 && 'content' in blocks[index]) {
          const content = blocks[index].content + payload.delta;
          blocks[index] = { ...blocks[index], content };
        }
        break;
      }
      case 'subagent:spawned':
        if (!session.subagents.some((s) => s.toolUseId === payload.toolUseId)) {
          this.blocksOf(session, conversation).push({
            id: `subagent-block-${payload.toolUseId}`,
            type: 'subagent',
            timestamp: context.timestamp,
            status: 'pending',
            toolUseId: payload.toolUseId,
            name: payload.subagentType,
            input: payload.prompt,
          });
          session.subagents.push({
            toolUseId: payload.toolUseId,
            blocks: [],
            status: 'running',
            prompt: payload.prompt,
          });
        }
        break;
      case 'subagent:completed': {
        const { toolUseId, agentId, status, output, durationMs } = payload;
        const all = [session.blocks, ...session.subagents.map((s) => s.blocks)];
        for (const blocks of all) {
          const index = blocks.findIndex((b) => b.type === 'subagent' && b.toolUseId === toolUseId);
          if (index >= 0) {
            blocks[index] = {
              ...blocks[index],
              status: status === 'completed' ? 'complete' : 'error',
              subagentId: agentId ? `agent-${agentId}` : undefined,
              output,
              durationMs,
            };
            break;
          }
        }
        const subagent = session.subagents.find((s) => s.toolUseId === toolUseId);
        if (subagent) {
          subagent.agentId = agentId;
          subagent.status = status === 'completed' ? 'success' : 'error';
          subagent.output = output;
          subagent.durationMs = durationMs;
        }
        break;
      }
      case 'file:created':
      case 'file:modified':
        session.files.set(payload.file.path, payload.file);
        break;
      case 'file:deleted':
        session.files.delete(payload.path);
        break;
      case 'status':
        session.runtime = payload.runtime;
        break;
      default:
    }
  }

  blocksOf(session, conversation) {
    if (conversation === 'main') {
      return session.blocks;
    }
    let subagent = session.subagents.find((s) => s.toolUseId === conversation);
    if (!subagent) {
      subagent = { toolUseId: conversation, blocks: [], status: 'running' };
      session.subagents.push(subagent);
    }
    return subagent.blocks;
  }

  async load(id) {
    const view = await this.rest.get(id);
    const copy = structuredClone(view.conversationState);
    this.sessions.set(id, {
      blocks: copy.blocks,
      subagents: copy.subagents,
      files: new Map(view.workspaceFiles.map((f) => [f.path, f])),
    });
    return view;
  }

  state(id) {
    const s = this.sessions.get(id);
    return plain({
      blocks: s.blocks.map(withoutDefaults),
      subagents: s.subagents.map((a) => ({ ...a, blocks: a.blocks.map(withoutDefaults) })),
      files: byPath([...s.files.values()]),
    });
  }

  static expected(view) {
    return plain({
      blocks: view.conversationState.blocks,
      subagents: view.conversationState.subagents,
      files: byPath(view.workspaceFiles),
    });
  }

  hasEnded(id, message) {
    return this.log.some(
      (e) => /^query:(completed|failed)$/.test(e.payload.type) &&
        e.payload.context.sessionId === id && e.payload.payload.messageId === message,
    );
  }

  deltas(id) {
    return this.log
      .filter((e) => e.payload?.type === 'block:delta' && e.payload.context.sessionId === id)
      .map((e) => ({ ...e.payload.payload, seq: e.payload.context.seq }));
  }

  completions(id) {
    return this.log
      .filter(
        (e) => e.payload?.type === 'block:upsert' && e.payload.context.sessionId === id &&
          e.payload.payload.block.status !== 'pending',
      )
      .map((e) => e.payload.payload.block.id);
  }
}

/** A message that was shown before the server had it gives way to the server's; by its text. */
function addComplete(blocks, block) {
  const shown = blocks.findIndex(
    (b) => b.id.startsWith('optimistic-') && block.type === 'user_message' &&
      b.content === block.content,
  );
  blocks.splice(shown < 0 ? blocks.length : shown, shown < 0 ? 0 : 1, block);
}

// The existing client fills in a content where a kind of block has none; that is not ours to tell.
function withoutDefaults(block) {
  const { content, ...rest } = block;
  return ['user_message', 'assistant_text', 'thinking', 'skill_load'].includes(block.type)
    ? block
    : rest;
}

const byPath = (files) => [...files].sort((a, b) => (a.path < b.path ? -1 : 1));

const plain = (value) => JSON.parse(JSON.stringify(value));

/** Waits for a condition, for at most some seconds. */
export async function until(condition, what, seconds = 30) {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`waited too long for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
