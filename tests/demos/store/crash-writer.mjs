/**
 * Writes to a store in a process of its own, with the compiled sources, until it is done or killed.
 * It prints a line when it begins, and what each append returned.
 *
 * With a third argument, a directory, it copies the store there right before each operation that
 * changes the disk, and in the middle of the writing of each file: what a kill at that moment would
 * leave.
 */
import { cpSync, writeSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const [action, root, snapshots] = process.argv.slice(2);
const say = (text) => writeSync(1, `${text}\n`);

let taken = 0;
let recording = false;

function snapshot() {
  if (!recording) return;
  cpSync(root, join(snapshots, String(taken++).padStart(4, '0')), { recursive: true });
}

async function instrument() {
  for (const name of ['open', 'rename', 'mkdir', 'rm']) {
    const original = fs[name];
    fs[name] = (...args) => {
      snapshot();
      return original(...args);
    };
  }
  const handle = await fs.open(process.execPath);
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const { writeFile } = prototype;
  prototype.writeFile = function (content, ...rest) {
    const bytes = Buffer.from(content);
    // At a position of its own, so that the whole is written over it.
    writeSync(this.fd, bytes, 0, bytes.length >> 1, 0);
    snapshot();
    return writeFile.call(this, content, ...rest);
  };
  syncBuiltinESMExports();
}

if (snapshots) await instrument();
const { DatasetStore } = await import('../../../dist/demos/store/index.js');
const store = new DatasetStore(root, { lockPatience: 60_000 });
const source = await (await store.open('source')).readAll();
const batch = (from, size) =>
  Array.from({ length: size }, (_, i) => source[(from + i) % source.length]);

const ACTIONS = {
  /** Appends three at a time without end. */
  async loop() {
    const target = await store.open('target');
    for (;;) {
      await target.append(batch(target.info.episodes, 3));
      say(target.info.episodes);
    }
  },
  /** Appends eight batches of two. */
  async compete() {
    const target = await store.open('target');
    for (let i = 0; i < 8; i++) say((await target.append(batch(i, 2))).from);
  },
  async append() {
    const target = await store.open('target');
    recording = true;
    await target.append(batch(target.info.episodes, 2));
  },
  async open() {
    recording = true;
    await store.open('target');
  },
  async derive() {
    recording = true;
    await store.derive('source', 'target', (all) => all.slice(2));
  },
  async trash() {
    recording = true;
    await store.trash('target');
  },
  async restore() {
    const [entry] = await store.listTrash();
    recording = true;
    await store.restore(entry.id);
  },
};

say('ready');
await ACTIONS[action]();
snapshot();
