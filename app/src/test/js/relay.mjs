// The official client as another program's hands: commands come as lines of JSON, and all that the
// client sees goes out as lines of JSON.
//   node relay.mjs URL websocket|polling|upgrade
import { createInterface } from 'node:readline';
import { io } from 'socket.io-client';

const [url, mode] = process.argv.slice(2);
const transports = {
  websocket: ['websocket'],
  polling: ['polling'],
  upgrade: ['polling', 'websocket'],
}[mode];
const socket = io(url, { transports, forceNew: true, reconnectionDelay: 20, randomizationFactor: 0 });

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
socket.on('connect', () => say({ name: '@connected' }));
socket.on('disconnect', (reason) => say({ name: '@disconnected', payload: { reason } }));
socket.on('connect_error', (error) =>
  say({ name: '@refused', payload: { message: error.message, data: error.data } }),
);
socket.onAny((name, payload) => say({ name, payload }));

const commands = {
  emit: ({ id, event, args }) =>
    socket.emit(event, ...args, (reply) => say({ name: '@reply', payload: { id, reply } })),
  // As a network does it: without a word to the server's session.
  cut: () => socket.io.engine.close(),
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = JSON.parse(line);
    commands[command.do](command);
  })
  .on('close', () => process.exit(0));
