// A connection that breaks: the first few are cut in the middle of what the server says.
import { connect, createServer } from 'node:net';

const CUTS = 3;
const BYTES = 2500;

/** Listens in front of a server's port; returns its own. */
export function cuttingProxy(port) {
  let cuts = 0;
  const proxy = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    const cutting = cuts++ < CUTS;
    let passed = 0;
    client.pipe(server);
    server.on('data', (bytes) => {
      const room = cutting ? Math.max(0, BYTES - passed) : bytes.length;
      passed += bytes.length;
      client.write(bytes.subarray(0, room));
      if (bytes.length > room) {
        client.end();
        server.destroy();
      }
    });
    for (const [one, other] of [[client, server], [server, client]]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroySoon());
    }
  });
  return new Promise((resolve) => {
    proxy.listen(0, '127.0.0.1', () => resolve(proxy.address().port));
  });
}
