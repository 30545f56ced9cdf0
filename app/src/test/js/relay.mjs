// The official client as another program's hands: what it is to emit comes as lines of JSON, and all
// that it sees goes out as lines of JSON.
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

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, event, args } = JSON.parse(line);
    socket.emit(event, ...args, (reply) => say({ name: '@reply', payload: { id, reply } }));
  })
  .on('close', () => process.exit(0));
