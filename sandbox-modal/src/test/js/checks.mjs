// The checks, by name, in groups of which each runs after the other.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  AlreadyExistsError,
  ConflictError,
  InvalidError,
  ModalClient,
  NotFoundError,
  Probe,
  SandboxFilesystemDirectoryNotEmptyError,
  SandboxFilesystemIsADirectoryError,
  SandboxFilesystemNotADirectoryError,
  SandboxFilesystemNotFoundError,
  SandboxFilesystemPathAlreadyExistsError,
  SandboxFilesystemPermissionError,
  TimeoutError,
} from "modal";

const v2 = process.env.MODAL_SANDBOX_V2 !== "0";
const APP = `judge-${v2 ? "v2" : "v1"}`;
const fault = async (path) => {
  const reply = await fetch(new URL(path, process.env.STAND_IN_CONTROL));
  assert.equal(reply.status, 200, path);
  return reply.text();
};

export async function checks() {
  const modal = new ModalClient();
  const app = await modal.apps.fromName(APP, { createIfMissing: true });
  const image = modal.images.fromRegistry("debian:13");
  await image.build(app);
  const shared = await modal.sandboxes.create(app, image, { timeoutMs: 3_600_000 });
  const files = shared.filesystem;
  const create = (options = {}) => modal.sandboxes.create(app, image, options);
  const using = async (options, use) => {
    const sandbox = await create(options);
    try {
      await use(sandbox);
    } finally {
      await sandbox.terminate();
    }
  };

  const execs = [
    ["exec gives stdout, stderr and a code", async () => {
      const p = await shared.exec(["sh", "-c", "echo out; echo err >&2; exit 7"]);
      assert.equal(await p.stdout.readText(), "out\n");
      assert.equal(await p.stderr.readText(), "err\n");
      assert.equal(await p.wait(), 7);
    }],
    ["exec reads stdin to its end", async () => {
      const p = await shared.exec(["cat"]);
      const writer = p.stdin.getWriter();
      await writer.write("one ");
      await writer.write("two");
      await writer.close();
      assert.equal(await p.stdout.readText(), "one two");
      assert.equal(await p.wait(), 0);
    }],
    ["exec carries binary output", async () => {
      const p = await shared.exec(["sh", "-c", "printf '\\000\\377\\200x'"], { mode: "binary" });
      assert.deepEqual([...(await p.stdout.readBytes())], [0, 255, 128, 120]);
    }],
    ["exec carries binary stdin", async () => {
      const p = await shared.exec(["od", "-An", "-tx1"], { mode: "binary" });
      const writer = p.stdin.getWriter();
      await writer.write(new Uint8Array([0, 255, 10, 128]));
      await writer.close();
      assert.match(Buffer.from(await p.stdout.readBytes()).toString(), /00 ff 0a 80/);
    }],
    ["exec keeps text that is torn between messages", async () => {
      const p = await shared.exec(["sh", "-c", "printf '\\303'; sleep 0.1; printf '\\244'"]);
      assert.equal(await p.stdout.readText(), "ä");
    }],
    ["exec carries two megabytes", async () => {
      const p = await shared.exec(["sh", "-c", "head -c 2000000 /dev/zero | tr '\\0' x"]);
      assert.equal((await p.stdout.readText()).length, 2_000_000);
    }],
    ["output can be read after the exit", async () => {
      const p = await shared.exec(["echo", "late"]);
      assert.equal(await p.wait(), 0);
      assert.equal(await p.stdout.readText(), "late\n");
    }],
    ["output arrives while the program runs", async () => {
      const p = await shared.exec(["sh", "-c", "echo first; read line; echo $line"]);
      const reader = p.stdout.getReader();
      assert.equal((await reader.read()).value, "first\n");
      const writer = p.stdin.getWriter();
      await writer.write("second\n");
      assert.equal((await reader.read()).value, "second\n");
      await writer.close();
      assert.equal(await p.wait(), 0);
    }],
    ["exec has its folder, variables and secrets", async () => {
      const secret = await modal.secrets.fromObject({ JUDGED: "secret" });
      const p = await shared.exec(["sh", "-c", "echo $PWD $PLAIN $JUDGED"], {
        workdir: "/tmp",
        env: { PLAIN: "plain" },
        secrets: [secret],
      });
      assert.equal(await p.stdout.readText(), "/tmp plain secret\n");
    }],
    ["exec drops output nobody wants", async () => {
      const p = await shared.exec(["sh", "-c", "echo out; echo err >&2"], {
        stdout: "ignore",
        stderr: "ignore",
      });
      assert.equal(await p.wait(), 0);
      assert.equal(await p.stdout.readText(), "");
    }],
    ["exec reports a signal", async () => {
      const p = await shared.exec(["sh", "-c", "kill -9 $$"]);
      assert.equal(await p.wait(), 137);
    }],
    ["exec of an unknown program fails by its code", async () => {
      const p = await shared.exec(["no-such-program"]);
      assert.equal(await p.wait(), 127);
    }],
    ["exec ends at its time limit", async () => {
      const p = await shared.exec(["sleep", "60"], { timeoutMs: 1000 });
      await assert.rejects(p.wait().then((code) => {
        if (code !== 0) throw new Error(`code ${code}`);
      }));
    }],
    ["exec has a terminal if asked", async () => {
      const p = await shared.exec(["sh", "-c", "test -t 1 && echo terminal"], { pty: true });
      assert.match(await p.stdout.readText(), /terminal/);
    }],
    ["ten programs run at once", async () => {
      const all = await Promise.all(
        [...Array(10).keys()].map(async (i) => {
          const p = await shared.exec(["sh", "-c", `sleep 0.1; echo ${i}`]);
          return (await p.stdout.readText()).trim();
        }),
      );
      assert.deepEqual(all, [...Array(10).keys()].map(String));
    }],
    ["programs of a sandbox see its files and each other, not ours", async () => {
      const p = await shared.exec(["sh", "-c", "echo mine > /tmp/mine; ls / | tr '\\n' ' '"]);
      assert.doesNotMatch(await p.stdout.readText(), /work|lost\+found/);
      const q = await shared.exec(["cat", "/tmp/mine"]);
      assert.equal(await q.stdout.readText(), "mine\n");
    }],
  ];

  const fileChecks = [
    ["files are written and read as text", async () => {
      await files.writeText("häuser\n", "/judge/text/a.txt");
      assert.equal(await files.readText("/judge/text/a.txt"), "häuser\n");
      const p = await shared.exec(["cat", "/judge/text/a.txt"]);
      assert.equal(await p.stdout.readText(), "häuser\n");
    }],
    ["files are written over", async () => {
      await files.writeText("a longer text", "/judge/over");
      await files.writeText("short", "/judge/over");
      assert.equal(await files.readText("/judge/over"), "short");
    }],
    ["files are written and read as bytes", async () => {
      const bytes = new Uint8Array(1_000_000).map((_, i) => i % 251);
      await files.writeBytes(bytes, "/judge/bytes");
      assert.deepEqual(Buffer.from(await files.readBytes("/judge/bytes")), Buffer.from(bytes));
    }],
    ["files may be empty", async () => {
      await files.writeText("", "/judge/empty");
      assert.equal((await files.readBytes("/judge/empty")).length, 0);
    }],
    ["files are copied in and out", async () => {
      const folder = await mkdtemp(join(tmpdir(), "judge-"));
      try {
        await writeFile(join(folder, "in"), Buffer.from([1, 0, 2]));
        await files.copyFromLocal(join(folder, "in"), "/judge/copied");
        await files.copyToLocal("/judge/copied", join(folder, "deep/out"));
        assert.deepEqual([...(await readFile(join(folder, "deep/out")))], [1, 0, 2]);
      } finally {
        await rm(folder, { recursive: true });
      }
    }],
    ["folders are made, listed and removed", async () => {
      await files.makeDirectory("/judge/folder/deep");
      await files.makeDirectory("/judge/folder/deep");
      await files.writeText("x", "/judge/folder/b");
      await files.writeText("xy", "/judge/folder/a");
      const list = await files.listFiles("/judge/folder");
      assert.deepEqual(list.map((f) => [f.name, f.type]), [
        ["a", "file"],
        ["b", "file"],
        ["deep", "directory"],
      ]);
      assert.equal(list[0].size, 2);
      assert.equal(list[0].path, "/judge/folder/a");
      await assert.rejects(files.remove("/judge/folder"), SandboxFilesystemDirectoryNotEmptyError);
      await files.remove("/judge/folder", { recursive: true });
      await assert.rejects(files.stat("/judge/folder"), SandboxFilesystemNotFoundError);
    }],
    ["files are described", async () => {
      const p = await shared.exec([
        "sh", "-c",
        "mkdir -p /judge/stat; echo x > /judge/stat/f; chmod 640 /judge/stat/f; ln -s f /judge/stat/l",
      ]);
      assert.equal(await p.wait(), 0);
      const file = await files.stat("/judge/stat/f");
      assert.equal(file.type, "file");
      assert.equal(file.size, 2);
      assert.equal(file.mode & 0o777, 0o640);
      assert.ok(Math.abs(file.modifiedTime - Date.now() / 1000) < 120, `${file.modifiedTime}`);
      const link = await files.stat("/judge/stat/l");
      assert.equal(link.type, "symlink");
      assert.equal(link.symlinkTarget, "f");
    }],
    ["file errors have their kinds", async () => {
      await files.writeText("x", "/judge/kinds/file");
      await assert.rejects(files.readText("/judge/kinds/none"), SandboxFilesystemNotFoundError);
      await assert.rejects(files.readText("/judge/kinds"), SandboxFilesystemIsADirectoryError);
      await assert.rejects(
        files.listFiles("/judge/kinds/file"), SandboxFilesystemNotADirectoryError);
      await assert.rejects(
        files.writeText("x", "/judge/kinds/file/below"), SandboxFilesystemNotADirectoryError);
      await assert.rejects(
        files.writeText("x", "/judge/kinds"), SandboxFilesystemIsADirectoryError);
      await assert.rejects(
        files.makeDirectory("/judge/kinds", { createParents: false }),
        SandboxFilesystemPathAlreadyExistsError);
      await assert.rejects(
        files.makeDirectory("/judge/kinds/a/b", { createParents: false }),
        SandboxFilesystemNotFoundError);
      await assert.rejects(files.remove("/judge/kinds/none"), SandboxFilesystemNotFoundError);
      await assert.rejects(files.writeText("x", "/usr/judge"), SandboxFilesystemPermissionError);
    }],
    ["links lead within the sandbox", async () => {
      const p = await shared.exec([
        "sh", "-c", "mkdir -p /judge/in; echo inner > /judge/in/f; ln -s /judge/in /judge/abs"]);
      assert.equal(await p.wait(), 0);
      assert.equal(await files.readText("/judge/abs/f"), "inner\n");
    }],
    ["a watch tells of changes until it is left", async () => {
      await files.makeDirectory("/judge/watched/deep");
      const seen = [];
      let changes = 0;
      let left = false;
      // One after the other: on a busy machine they would otherwise pile up, and outlive the check.
      const writing = (async () => {
        while (!left) {
          await files.writeText(`${changes++}`, "/judge/watched/deep/file");
          await setTimeout(100);
        }
      })();
      writing.catch(() => {}); // told below
      try {
        for await (const event of files.watch("/judge/watched", { recursive: true })) {
          seen.push(event);
          if (event.paths.includes("/judge/watched/deep/file")) break;
        }
      } finally {
        left = true;
        await writing;
      }
      assert.ok(seen.every((e) => ["Create", "Modify", "Remove"].includes(e.eventType)));
    }],
    ["a watch ends at its time limit and heeds its filter", async () => {
      await files.makeDirectory("/judge/quiet");
      for await (const event of files.watch("/judge/quiet", { timeoutMs: 1000, filter: [] })) {
        assert.fail(`unexpected ${event}`);
      }
      await assert.rejects(async () => {
        for await (const event of files.watch("/judge/no-such-folder")) {
          assert.fail(`unexpected ${event}`);
        }
      }, SandboxFilesystemNotFoundError);
    }],
  ];

  const lives = [
    ["ids have the shape of their backend", async () => {
      assert.equal(/^sb-[0-9A-Za-z]{22}$/.test(shared.sandboxId), !v2);
    }],
    ["a sandbox has its options, variables and secrets", () =>
      using(
        {
          cpu: 0.5, cpuLimit: 1, memoryMiB: 128, memoryLimitMiB: 256, workdir: "/work-here",
          env: { PLAIN: "plain" }, regions: ["us-east"], idleTimeoutMs: 60_000,
          outboundCidrAllowlist: ["10.0.0.0/8"],
        },
        async (sandbox) => {
          const p = await sandbox.exec(["sh", "-c", "echo $PWD $PLAIN"]);
          assert.equal(await p.stdout.readText(), "/work-here plain\n");
          const definition = JSON.parse(await fault(`definition?id=${sandbox.sandboxId}`));
          assert.equal(definition.milliCpu, 500);
          assert.equal(definition.memoryMb, 128);
          assert.equal(definition.regions, "us-east");
          assert.equal(definition.cidrs, "10.0.0.0/8");
          assert.equal(definition.idleTimeoutSecs, 60);
        },
      )],
    ["a sandbox has secrets, ephemeral and named", async () => {
      const secret = await modal.secrets.fromObject({ HIDDEN: "hidden" });
      await using({ secrets: [secret], env: { PLAIN: "plain" } }, async (sandbox) => {
        const p = await sandbox.exec(["sh", "-c", "echo $HIDDEN $PLAIN"]);
        assert.equal(await p.stdout.readText(), "hidden plain\n");
      });
      await assert.rejects(modal.secrets.fromName("no-such-secret"), NotFoundError);
    }],
    ["a sandbox without a network reaches none", () =>
      using({ blockNetwork: true }, async (sandbox) => {
        const p = await sandbox.exec(["sh", "-c", "tail -n +3 /proc/net/dev | cut -d: -f1"]);
        assert.equal((await p.stdout.readText()).trim(), "lo");
      })],
    ["the program a sandbox is made for has its output and its code", async () => {
      const sandbox = await create({ command: ["sh", "-c", "echo out ä; echo err >&2; exit 3"] });
      assert.equal(await sandbox.stdout.readText(), "out ä\n");
      assert.equal(await sandbox.stderr.readText(), "err\n");
      assert.equal(await sandbox.wait(), 3);
      assert.equal(await sandbox.poll(), 3);
    }],
    ["the program a sandbox is made for reads stdin", async () => {
      const sandbox = await create({ command: ["cat"] });
      const writer = sandbox.stdin.getWriter();
      await writer.write("one ");
      await writer.write("two");
      await writer.close();
      assert.equal(await sandbox.stdout.readText(), "one two");
      assert.equal(await sandbox.wait(), 0);
    }],
    ["poll says null, and a code after terminate", async () => {
      const sandbox = await create();
      assert.equal(await sandbox.poll(), null);
      assert.equal(await sandbox.terminate({ wait: true }), 137);
      const again = await modal.sandboxes.fromId(sandbox.sandboxId);
      assert.equal(await again.poll(), 137);
      await again.terminate();
    }],
    ["terminate ends what runs", async () => {
      const sandbox = await create();
      const p = await sandbox.exec(["sleep", "60"]);
      const other = await modal.sandboxes.fromId(sandbox.sandboxId);
      await other.terminate();
      assert.equal(await sandbox.wait(), 137);
      assert.equal(await p.wait(), 137);
      await assert.rejects(sandbox.exec(["true"]));
    }],
    ["a file operation on an ended sandbox says so", async () => {
      const sandbox = await create();
      await sandbox.exec(["true"]).then((p) => p.wait());
      await (await modal.sandboxes.fromId(sandbox.sandboxId)).terminate();
      await sandbox.wait();
      await assert.rejects(sandbox.filesystem.readText("/etc/hostname"), NotFoundError);
    }],
    ["a sandbox ends at its time limit", async () => {
      const sandbox = await create({ timeoutMs: 1000 });
      assert.equal(await sandbox.wait(), 124);
    }],
    ["an idle sandbox ends", async () => {
      const sandbox = await create({ idleTimeoutMs: 1000 });
      assert.equal(typeof (await sandbox.wait()), "number");
    }],
    ["a sandbox is found by its id and used on", () =>
      using({}, async (sandbox) => {
        await sandbox.filesystem.writeText("kept", "/tmp/kept");
        const same = await modal.sandboxes.fromId(sandbox.sandboxId);
        assert.equal(await same.filesystem.readText("/tmp/kept"), "kept");
      })],
    ["a sandbox is found by its name, which is unique", () => {
      const name = `named-${randomUUID()}`;
      return using({ name }, async (sandbox) => {
        const same = await modal.sandboxes.fromName(APP, name);
        assert.equal(same.sandboxId, sandbox.sandboxId);
        await assert.rejects(create({ name }), AlreadyExistsError);
        await sandbox.terminate({ wait: true });
        await assert.rejects(modal.sandboxes.fromName(APP, name), NotFoundError);
        await using({ name }, async (next) => assert.notEqual(next.sandboxId, same.sandboxId));
      });
    }],
    ["a name is given later", async () => {
      if (!v2) return; // the first backend has no such call
      const name = `later-${randomUUID()}`;
      await using({}, async (sandbox) => {
        await sandbox.experimentalSetName(name);
        assert.equal(
          (await modal.sandboxes.fromName(APP, name)).sandboxId, sandbox.sandboxId);
        await assert.rejects(sandbox.experimentalSetName(`${name}-2`), ConflictError);
      });
    }],
    ["tags are set, read and searched", () => {
      const run = randomUUID();
      return using({ tags: { run, one: "1" } }, async (sandbox) => {
        assert.deepEqual(await sandbox.getTags(), { run, one: "1" });
        await sandbox.setTags({ run, two: "2" });
        assert.deepEqual(await sandbox.getTags(), { run, two: "2" });
        const found = [];
        for await (const each of modal.sandboxes.list({ appId: app.appId, tags: { run } })) {
          found.push(each.sandboxId);
        }
        assert.deepEqual(found, [sandbox.sandboxId]);
        await assert.rejects(sandbox.setTags({ "": "x" }), InvalidError);
      });
    }],
    ["the list has pages, newest first, of those that run", async () => {
      const run = randomUUID();
      const made = await Promise.all([...Array(5)].map(() => create({ tags: { run } })));
      try {
        const found = [];
        for await (const each of modal.sandboxes.list({ appId: app.appId, tags: { run } })) {
          found.push(each.sandboxId);
        }
        assert.deepEqual(found.sort(), made.map((s) => s.sandboxId).sort());
      } finally {
        await Promise.all(made.map((s) => s.terminate({ wait: true })));
      }
      for await (const each of modal.sandboxes.list({ appId: app.appId, tags: { run } })) {
        assert.fail(`${each.sandboxId} has ended`);
      }
    }],
    ["tunnels lead to a port of the sandbox", () =>
      using({ encryptedPorts: [Number(process.env.JUDGE_PORT)] }, async (sandbox) => {
        const tunnels = await sandbox.tunnels();
        const tunnel = tunnels[Number(process.env.JUDGE_PORT)];
        await serveIn(sandbox, process.env.JUDGE_PORT);
        const reply = await fetch(tunnel.url);
        assert.equal(await reply.text(), "hello");
      })],
    ["tunnels may be plain", () => {
      const port = Number(process.env.JUDGE_PLAIN_PORT);
      return using({ unencryptedPorts: [port] }, async (sandbox) => {
        const [host, at] = (await sandbox.tunnels())[port].tcpSocket;
        await serveIn(sandbox, String(port));
        const text = await new Promise((resolve, reject) => {
          let all = "";
          const socket = connect(at, host, () => socket.write("GET / HTTP/1.0\r\n\r\n"));
          socket.on("data", (data) => (all += data)).on("end", () => resolve(all));
          socket.on("error", reject);
        });
        assert.match(text, /hello$/);
      });
    }],
    ["readiness is a program's good end", () =>
      using(
        { readinessProbe: Probe.withExec(["test", "-e", "/tmp/ready"], { intervalMs: 50 }) },
        async (sandbox) => {
          await assert.rejects(sandbox.waitUntilReady(300), TimeoutError);
          await sandbox.filesystem.writeText("", "/tmp/ready");
          await sandbox.waitUntilReady(100_000);
        },
      )],
    ["a connect token is given", async () => {
      const { url, token } = await shared.createConnectToken({ userMetadata: "{}" });
      assert.match(url, /^https:/);
      assert.ok(token.length > 0);
    }],
    ["a detached sandbox lives on", () =>
      using({}, async (sandbox) => {
        await sandbox.exec(["true"]).then((p) => p.wait());
        (await modal.sandboxes.fromId(sandbox.sandboxId)).detach();
        assert.equal(await sandbox.poll(), null);
      })],
    ["the network policy can be changed", () =>
      using({}, async (sandbox) => {
        await sandbox.updateNetworkPolicy({
          outboundCidrAllowlist: ["10.0.0.0/8"], outboundDomainAllowlist: ["example.org"],
        });
      })],
    ["volumes can be reloaded", () => shared.reloadVolumes()],
  ];

  const imagesAndSnapshots = [
    ["an image has layers, variables, a folder and files", async () => {
      const built = modal.images
        .fromRegistry("debian:13")
        .dockerfileCommands(["ENV BUILT=yes", "WORKDIR /built", "RUN echo content > file"])
        .dockerfileCommands(["RUN echo second >> file"]);
      const sandbox = await modal.sandboxes.create(app, built, {});
      const p = await sandbox.exec(["sh", "-c", "echo $BUILT $PWD; cat file"]);
      assert.equal(await p.stdout.readText(), "yes /built\ncontent\nsecond\n");
      await sandbox.terminate();
    }],
    ["an image is built once", async () => {
      const commands = [`RUN echo ${randomUUID()}`];
      const define = () => modal.images.fromRegistry("debian:13").dockerfileCommands(commands);
      const one = await define().build(app);
      const two = await define().build(app);
      assert.equal(one.imageId, two.imageId);
      const found = await modal.images.fromId(one.imageId);
      assert.equal(found.imageId, one.imageId);
    }],
    ["a failed build says why", async () => {
      const bad = modal.images.fromRegistry("debian:13").dockerfileCommands(["RUN exit 9"]);
      await assert.rejects(bad.build(app), /failed with the exception[^]*exit 9/);
    }],
    ["an image is published under a name", async () => {
      const name = `judged-${randomUUID()}`;
      await image.publish(name);
      assert.equal((await modal.images.fromName(name)).imageId, image.imageId);
      await assert.rejects(modal.images.fromName("no-such-image"), NotFoundError);
    }],
    ["an image can be deleted", async () => {
      const built = await modal.images
        .fromRegistry("debian:13").dockerfileCommands([`RUN echo ${randomUUID()}`]).build(app);
      await modal.images.delete(built.imageId);
      await assert.rejects(modal.images.fromId(built.imageId), NotFoundError);
      await assert.rejects(modal.images.fromId("im-unknown"), NotFoundError);
    }],
    ["a snapshot of the files starts another sandbox", () =>
      using({}, async (sandbox) => {
        await sandbox.filesystem.writeText("kept", "/kept/file");
        const snapshot = await sandbox.snapshotFilesystem();
        const next = await modal.sandboxes.create(app, snapshot, {});
        assert.equal(await next.filesystem.readText("/kept/file"), "kept");
        await next.terminate();
      })],
    ["a snapshot of a folder is mounted elsewhere", () =>
      using({}, async (sandbox) => {
        await sandbox.filesystem.writeText("kept", "/folder/file");
        const snapshot = await sandbox.snapshotDirectory("/folder");
        await sandbox.mountImage("/mounted", snapshot);
        assert.equal(await sandbox.filesystem.readText("/mounted/file"), "kept");
        await sandbox.unmountImage("/mounted");
        await assert.rejects(
          sandbox.filesystem.readText("/mounted/file"), SandboxFilesystemNotFoundError);
      })],
    ["an unknown app is not found", () =>
      assert.rejects(modal.apps.fromName("no-such-app"), NotFoundError)],
    ["an unknown environment is not found", () =>
      assert.rejects(modal.apps.fromName(APP, { environment: "nowhere" }), NotFoundError)],
    ["wrong credentials are refused", async () => {
      const wrong = new ModalClient({ tokenId: "ak-wrong", tokenSecret: "as-wrong" });
      await assert.rejects(
        wrong.apps.fromName(APP), (e) => /UNAUTHENTICATED|Token/.test(String(e)));
    }],
  ];

  // Faults concern every call, so that these run one after the other.
  const router = (name, kind, times) => fault(`refuse?call=${name}&kind=${kind}&times=${times}`);
  const faults = [
    [["calls that are unavailable are repeated", async () => {
      await router(v2 ? "SandboxWaitV2" : "SandboxWait", "UNAVAILABLE", 2);
      assert.equal(await shared.poll(), null);
    }]],
    [["calls of the router that are unavailable are repeated", async () => {
      await router("TaskExecStart", "UNAVAILABLE", 3);
      const p = await shared.exec(["echo", "once"]);
      assert.equal(await p.stdout.readText(), "once\n");
    }]],
    [["a throttled call waits as told", async () => {
      await fault(`throttle?call=${v2 ? "SandboxWaitV2" : "SandboxWait"}&seconds=0.3&times=2`);
      const started = performance.now();
      assert.equal(await shared.poll(), null);
      const waited = performance.now() - started;
      // Timers may fire a millisecond early.
      assert.ok(waited >= 590, `${waited}`);
    }]],
    [["output goes on after a cut", async () => {
      for (const kind of ["UNAVAILABLE", "CONNECTION", "RESET"]) {
        await fault(`cut?call=TaskExecStdioRead&kind=${kind}&after=100000`);
        const p = await shared.exec(["sh", "-c", "seq 1 50000"]);
        const text = await p.stdout.readText();
        assert.equal(text, [...Array(50000).keys()].map((i) => `${i + 1}\n`).join(""), kind);
      }
    }]],
    [["a router token that is over is renewed", async () => {
      await fault("revoke");
      const p = await shared.exec(["echo", "renewed"]);
      assert.equal(await p.stdout.readText(), "renewed\n");
    }]],
    [["a slow build is waited for", async () => {
      await fault("holdBuilds");
      const build = modal.images
        .fromRegistry("debian:13").dockerfileCommands([`RUN echo ${randomUUID()}`]).build(app);
      const [built] = await Promise.all([build, setTimeout(300).then(() => fault("releaseBuilds"))]);
      assert.match(built.imageId, /^im-/);
    }]],
    [["a sandbox that was evicted has ended", async () => {
      const sandbox = await create();
      await fault(`end?id=${sandbox.sandboxId}&how=GENERIC_STATUS_MEMORY_MANAGER_EVICTION`);
      assert.equal(typeof (await sandbox.wait()), "number");
    }]],
    [["the sandbox ends at last", async () => {
      assert.equal(await shared.terminate({ wait: true }), 137);
      modal.close();
    }]],
  ];

  return [execs, fileChecks, lives, imagesAndSnapshots, ...faults];
}

async function serveIn(sandbox, port) {
  const program =
    "require('http').createServer((q, r) => r.end('hello'))" +
    `.listen(${port}, '127.0.0.1', () => console.log('listening'))`;
  const server = await sandbox.exec(["node", "-e", program]);
  const first = await server.stdout.getReader().read();
  assert.equal(first.value, "listening\n");
}
