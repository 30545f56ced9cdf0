// Runs the vendor's SDK, as published, through everything it has for sandboxes, against the server
// that MODAL_SERVER_URL names. One line of JSON per check, with its name; ends well if all did.
import { checks } from "./checks.mjs";

const wanted = process.argv[2] ? new RegExp(process.argv[2]) : /.*/;
const PATIENCE_MILLIS = 300_000;
let failures = 0;

function patience(name) {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${name} took too long`)), PATIENCE_MILLIS).unref();
  });
}

async function judge([name, check]) {
  const started = Date.now();
  try {
    await Promise.race([check(), patience(name)]);
    console.log(JSON.stringify({ name, ok: true, millis: Date.now() - started }));
  } catch (e) {
    failures++;
    console.log(JSON.stringify({ name, ok: false, error: String(e?.stack ?? e) }));
  }
}

for (const group of await checks()) {
  // The checks of a group are independent of each other. Few at once: those that wait for others
  // hold streams of a connection that has ten.
  const rest = group.filter(([name]) => wanted.test(name));
  const worker = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) await judge(next);
  };
  await Promise.all([worker(), worker(), worker()]);
}
process.exit(failures === 0 ? 0 : 1);
