/**
 * Sends a compiled server hostile messages of many kinds over many connections, while another client
 * asks something twenty times in two seconds, and prints what came of it as JSON.
 *
 *   node tests/faults/hostile-messages.mjs [messages] [addresses] [connections]
 *
 * Half of the connections send as fast as they can, are told to wait, are cut off and come again; the
 * others keep within their rate. `addresses` are those of loopback that they come from (where all of
 * 127/8 is local): one address may flood so many connections a minute and gets no more.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const CLI = fileURLToPath(new URL('../../dist/bin/cli.js', import.meta.url));
const CODES = new Set([
  ...['invalid-request', 'not-found', 'exists', 'conflict', 'damaged', 'busy', 'unauthorized'],
  ...['failed'],
]);
/** Messages that are written before a connection is given time to be cut off. */
const PIECE = 50;
/** Before memory is looked at for the last time, ms. */
const SETTLE = 5000;
/** Messages of one connection: more than are read of one that floods, few that nobody reads. */
const MAX_WRITTEN = 400;
/** Between two messages of a connection that keeps within its rate, ms. */
const WITHIN_RATE = 25;
/** Between two questions of the bystander, ms: within the rate of requests. */
const BYSTANDER_PAUSE = 100;

/** One frame as a client sends it, masked with zeros. */
function frame(opcode, payload) {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const header = Buffer.alloc(2 + extended + 4);
  header[0] = 0x80 | opcode;
  header[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) header.writeUInt16BE(length, 2);
  if (extended === 8) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}
const text = (message) => frame(1, Buffer.from(message));
const bytes = (length) => frame(2, Buffer.alloc(length, 7));
const request = (i, name, value) => text(`42${i}${JSON.stringify([name, value])}`);
const keys = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));
const set = (settings) => ({ kind: 'set', settings });
const lane = { policy: { kind: 'shipped', name: 'flow' } };
const recording = {
  task: 'left-right',
  dataset: 'mine',
  controlHz: 20,
  seed: null,
  initial: { joints: Array(7).fill(0), gripperOpening: 0, objects: [] },
  replayHash: '0123456789abcdef',
};
const takeover = { episodeId: 0, lane: 0, step: 0, replayHash: '0123456789abcdef' };

/** Kinds of messages, each with the frames of one; `rarely` those that end a connection or are large. */
const OFTEN = [
  (i) => request(i, 'hello', {}),
  (i) => request(i, 'hello', null),
  (i) => text(`42${i}["hello"]`),
  (i) => text(`42${i}["nonsense",{}]`),
  (i) => text(`42${i}["__proto__",{"__proto__":{"playing":true}}]`),
  (i) =>
    text(`42${i}["stage:command",{"kind":"play","__proto__":{"playing":true},"playing":true}]`),
  (i) => request(i, 'stage:command', keys(150)),
  (i) => request(i, 'stage:command', { kind: 'close' }),
  (i) => request(i, 'stage:command', { kind: ['set'], settings: null }),
  (i) => request(i, 'stage:command', set(keys(150))),
  (i) => request(i, 'stage:command', set({ lanes: Array(90).fill(0) })),
  (i) => request(i, 'stage:command', set({ lanes: [{ ...lane, guidance: 1e308 }], seed: -1 })),
  (i) => request(i, 'stage:command', { kind: 'speed', speed: 'NaN' }),
  (i) => request(i, 'stage:ask', { kind: 'turn', points: Array(300).fill([1e308, 0]) }),
  (i) =>
    request(i, 'stage:ask', { kind: 'denoise', episodeId: -1, lane: 9, step: 1e300, calls: 1e9 }),
  (i) => request(i, 'train:start', { policy: 'l2', dataset: 'nowhere' }),
  (i) => request(i, 'train:resume', { id: '../../etc' }),
  (i) => request(i, 'run:metrics', { id: 'nowhere' }),
  (i) => request(i, 'demos:episodes', { name: '..%2f..%2fetc' }),
  (i) => request(i, 'demos:restore', { id: '../x' }),
  (i) => request(i, 'compare:start', { policies: Array(9).fill(lane), rollouts: 1e9 }),
  (i) => request(i, 'job:stop', { id: 'nowhere' }),
  (i) => request(i, 'lesson:actions', { dataset: 'nowhere', episode: 1e9 }),
  (i) => request(i, 'lesson:noise-levels', { policy: lane.policy, bins: 1e9 }),
  (i) => request(i, 'record:save', recording),
  (i) => request(i, 'stage:go-on', takeover),
  (i) => text(`42${i}["hello",${'['.repeat(200)}${']'.repeat(200)}]`),
  (i) =>
    Buffer.concat([
      text(`451-${i}${JSON.stringify(['record:save', recording, { _placeholder: true, num: 0 }])}`),
      bytes(64),
    ]),
  (i) =>
    Buffer.concat([
      text(`451-${i}${JSON.stringify(['stage:go-on', takeover, { _placeholder: true, num: 0 }])}`),
      bytes(64),
    ]),
  (i) => Buffer.concat([text(`451-${i}["hello",{"_placeholder":true,"num":0}]`), bytes(2000)]),
  () => text('42["hello",{}]'),
  (i) => text(`43${i}[]`),
  () => frame(9, Buffer.alloc(4)),
];
const RARELY = [
  (i) => request(i, 'stage:command', set(keys(9000))),
  (i) => request(i, 'stage:command', set({ lanes: Array(50_000).fill(0) })),
  (i) =>
    Buffer.concat([
      text(`451-${i}["stage:command",{"_placeholder":true,"num":0}]`),
      bytes(100_000),
    ]),
  (i) => request(i, 'hello', { ['x'.repeat(100_000)]: 0 }),
  (i) => text(`42${i}["hello",${'['.repeat(60_000)}${']'.repeat(60_000)}]`),
  (i) => request(i, 'hello', { text: 'x'.repeat(200_000) }),
  () => text('garbage'),
  () => text('2'),
  () => text('49["hello"]'),
  () => text('42["hello",{'),
  () => text('4510000000-["hello"]'),
  () => text('42999999999999999999999["hello",{}]'),
  () => text(`42/${'x'.repeat(100_000)}`),
  () => text('40'),
  () => text('41'),
  () => frame(3, Buffer.alloc(8)),
  () => frame(1, Buffer.from([0xff, 0xfe])),
];
const RARE = 0.004;

/** A connection that is upgraded; calls back with each text that comes, and when it has ended. */
function open(url, localAddress, onText, onEnd) {
  const { hostname, port, host } = new URL(url);
  const socket = connectTcp({ host: hostname, port: Number(port), localAddress });
  socket.on('error', () => {});
  socket.once('close', onEnd);
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}\r\n` +
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  );
  let rest = Buffer.alloc(0);
  let upgraded = false;
  socket.on('data', (chunk) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (!upgraded) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!rest.toString('latin1', 0, 12).endsWith('101')) {
        socket.destroy();
        return;
      }
      upgraded = true;
      rest = rest.subarray(end + 4);
      socket.write(text('40'));
    }
    for (;;) {
      if (rest.length < 2) return;
      const short = rest[1] & 0x7f;
      const extended = short < 126 ? 0 : short === 126 ? 2 : 8;
      if (rest.length < 2 + extended) return;
      const length =
        extended === 0
          ? short
          : extended === 2
            ? rest.readUInt16BE(2)
            : Number(rest.readBigUInt64BE(2));
      const end = 2 + extended + length;
      if (rest.length < end) return;
      if ((rest[0] & 0x0f) === 1) {
        const message = rest.toString('utf8', 2 + extended, end);
        if (message === '2') socket.write(text('3'));
        else onText(message);
      }
      rest = rest.subarray(end);
    }
  });
  return socket;
}

/** Asks again and again in a thread of its own, and says at the end how long answers took. */
async function stand({ url }) {
  let asked = 0;
  let since = 0;
  let answered = () => {};
  let lost = false;
  const took = [];
  const socket = open(
    url,
    '127.0.0.1',
    (message) => {
      if (message.startsWith('40')) answered();
      if (!message.startsWith(`43${asked}[`)) return;
      took.push(performance.now() - since);
      answered();
    },
    () => {
      lost = true;
      answered();
    },
  );
  await new Promise((resolve) => {
    answered = resolve;
  });
  let over = false;
  parentPort.once('message', () => {
    over = true;
  });
  parentPort.postMessage('ready');
  while (!over && !lost) {
    asked++;
    since = performance.now();
    const answer = new Promise((resolve) => {
      answered = resolve;
    });
    socket.write(request(asked, 'hello', {}));
    await answer;
    await delay(BYSTANDER_PAUSE);
  }
  socket.destroy();
  parentPort.postMessage({ took, lost });
}

/** Sends from one connection after the other until all have been sent. */
async function attack(url, { address, pause }, total, seen) {
  while (seen.sent < total) {
    let ended = false;
    let begun = false;
    const end = new Promise((resolve) => {
      const socket = open(
        url,
        address(),
        (message) => {
          if (message.startsWith('40') && !begun) {
            begun = true;
            seen.connections++;
            void pour(socket);
          } else if (message.startsWith('43')) judge(message, seen);
        },
        () => {
          ended = true;
          resolve();
        },
      );
    });
    const pour = async (socket) => {
      for (let written = 0; !ended && seen.sent < total && written < MAX_WRITTEN; ) {
        const frames = Array.from({ length: pause > 1 ? 1 : PIECE }, () => {
          const i = seen.sent++;
          written++;
          const kinds = Math.random() < RARE ? RARELY : OFTEN;
          return kinds[Math.floor(Math.random() * kinds.length)](i);
        });
        if (!socket.write(Buffer.concat(frames))) {
          await Promise.race([new Promise((drained) => socket.once('drain', drained)), end]);
        }
        await delay(pause);
      }
      socket.end();
    };
    await end;
    // Refused: too many connections of this minute.
    if (!begun) await delay(100);
  }
}

function judge(message, seen) {
  seen.answers++;
  const [answer] = JSON.parse(message.slice(message.indexOf('[')));
  if (answer.ok) return;
  const { code, message: why } = answer.error;
  seen.codes[code] = (seen.codes[code] ?? 0) + 1;
  if (!CODES.has(code) || typeof why !== 'string') seen.untyped++;
  seen.longest = Math.max(seen.longest, why.length);
}

function residentMiB(pid) {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}

/**
 * Time that a process's first thread has computed, and waited for a processor that others had, s;
 * not a number where the system does not say it as Linux does.
 */
function processorSeconds(pid) {
  try {
    const [computed, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return { computed: Number(computed) / 1e9, waited: Number(waited) / 1e9 };
  } catch {
    return { computed: Number.NaN, waited: Number.NaN };
  }
}

function summary(took) {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share) => Math.round(10 * sorted[Math.floor(share * (sorted.length - 1))]) / 10;
  return { answers: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

async function watched(url, work) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { url } });
  await once(worker, 'message');
  await work();
  worker.postMessage('over');
  const [{ took, lost }] = await once(worker, 'message');
  await worker.terminate();
  return { ...summary(took), lost };
}

async function main([messages = '10000', addresses = '100', connections = '48']) {
  const total = Number(messages);
  const data = mkdtempSync(join(tmpdir(), 'forking-paths-hostile-'));
  const server = spawn(process.execPath, [CLI, 'serve', '--port', '0', '--data', data]);
  let exits = 0;
  let log = '';
  server.once('exit', () => exits++);
  server.stderr.on('data', (chunk) => {
    log += chunk;
  });
  try {
    const [line] = await once(server.stdout, 'data');
    const url = /http:\/\/\S+/.exec(String(line))[0];
    const seen = { sent: 0, connections: 0, answers: 0, untyped: 0, longest: 0, codes: {} };
    let turn = 0;
    const many = Number(addresses);
    const nextAddress = () => `127.0.0.${many === 0 ? 1 : 2 + (turn++ % many)}`;
    const send = (count) => {
      const until = seen.sent + count;
      const attackers = Array.from({ length: Number(connections) }, (_, i) =>
        attack(url, { address: nextAddress, pause: i % 2 === 0 ? 1 : WITHIN_RATE }, until, seen),
      );
      return Promise.all(attackers);
    };
    const atRestMs = await watched(url, () => delay(3000));
    // Pools fill and code is compiled.
    await send(total / 10);
    const warmUp = seen.sent;
    const before = residentMiB(server.pid);
    const processorBefore = processorSeconds(server.pid);
    const since = performance.now();
    const underAttackMs = await watched(url, () => send(total - seen.sent));
    const seconds = (performance.now() - since) / 1000;
    const processor = processorSeconds(server.pid);
    const computed = processor.computed - processorBefore.computed;
    const waited = processor.waited - processorBefore.waited;
    const after = residentMiB(server.pid);
    await delay(SETTLE);
    const settled = residentMiB(server.pid);
    const report = {
      ...seen,
      exits,
      logLines: log.split('\n').length - 1,
      seconds: Math.round(seconds),
      messagesASecond: Math.round((seen.sent - warmUp) / seconds),
      serverComputedShare: Math.round((100 * computed) / seconds) / 100,
      serverWaitedShare: Math.round((100 * waited) / seconds) / 100,
      serverMicrosecondsAMessage: Math.round((1e6 * computed) / (seen.sent - warmUp)),
      residentMiB: {
        before: Math.round(before),
        after: Math.round(after),
        settled: Math.round(settled),
      },
      bystander: { atRestMs, underAttackMs },
    };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    if (exits > 0 || seen.untyped > 0) process.stderr.write(log.slice(0, 10_000));
    process.exitCode = exits > 0 || seen.untyped > 0 || underAttackMs.lost ? 1 : 0;
  } finally {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

if (isMainThread) await main(process.argv.slice(2));
else await stand(workerData);
