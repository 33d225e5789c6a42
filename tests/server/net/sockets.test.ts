import type { Socket as TcpSocket } from 'node:net';
import type { Socket } from 'socket.io-client';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS, packFan, packFrame, toFloats } from '../../../server/protocol/index.ts';
import { frameOf } from '../../support/frames.ts';
import { type InProcessServer, listenHere, SHOW_FLOW } from '../../support/in-process-server.ts';
import { textFrame, upgrade } from '../../support/raw-http.ts';
import { ask, connect, send } from '../../support/server.ts';
import { until } from '../../support/until.ts';

let server: InProcessServer;
/** Who was there before, and must not notice anything. */
let bystander: Socket;
beforeAll(async () => {
  server = await listenHere();
  bystander = await connect(server.url);
});

const opened: Socket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.disconnect();
});

async function open(): Promise<Socket> {
  const socket = await connect(server.url);
  opened.push(socket);
  return socket;
}

/** Sends characters past the library's own packing. */
function sendRaw(socket: Socket, text: string): void {
  // The client types its engine without `send`'s plain form.
  (socket.io.engine as unknown as { send(text: string): void }).send(text);
}

async function expectUnharmed(): Promise<void> {
  expect(bystander.connected).toBe(true);
  // A bystander asks slowly enough to be answered always.
  await until(async () => {
    const answer = await send(bystander, 'hello', {});
    if (answer.ok) return true;
    expect(answer.error.code).toBe('busy');
    return false;
  }, 'the bystander to be answered');
}

async function refusal(socket: Socket, name: string, ...args: readonly unknown[]) {
  const answer = await send(socket, name, ...args);
  if (answer.ok) throw new Error(`expected ${name} to be refused`);
  return answer.error;
}

describe('a request', () => {
  it('is answered', async () => {
    expect(await ask(await open(), 'hello', {})).toEqual({
      version: '0.0.0',
      shipped: [],
      datasets: [],
      runs: [],
      jobs: [],
      comparisons: [],
      damaged: [],
    });
  });

  it.each<[string, readonly unknown[]]>([
    ['nothing at all', []],
    ['null', [null]],
    ['undefined', [undefined]],
    ['a number', [7]],
    ['a text', ['{}']],
    ['a list', [[]]],
    ['bytes', [Buffer.from('{}')]],
    ['an unknown key', [{ extra: 1 }]],
    ['an unknown key named __proto__', [JSON.parse('{"__proto__":{"playing":true}}')]],
  ])('with %s is refused with what was expected', async (_, args) => {
    for (const name of ['hello', 'stage:command', 'train:start', 'record:save']) {
      if (name === 'hello' && args[0] === undefined) continue;
      const { code, message } = await refusal(await open(), name, ...args);
      expect(code).toBe('invalid-request');
      expect(message).toMatch(new RegExp(`^${name}: `));
    }
    await expectUnharmed();
  });

  it.each(['nonsense', '', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'run'])(
    'of the unknown name %j is refused with those there are',
    async (name) => {
      const { code, message } = await refusal(await open(), name, {});
      expect(code).toBe('invalid-request');
      expect(message).toContain('hello, stage:command');
      await expectUnharmed();
    },
  );

  it('without anybody to answer is done all the same', async () => {
    const socket = await open();
    socket.emit('hello');
    socket.emit('hello', null);
    socket.emit('train:start', { policy: 'none' });
    socket.emit('record:save');
    socket.emit('nonsense');
    expect(await ask(socket, 'hello', {})).toMatchObject({ version: '0.0.0' });
    await expectUnharmed();
  });

  it('whose answer is no function is done all the same', async () => {
    const socket = await open();
    for (const answer of ['callback', 7, null, { call: 1 }, [[]]]) {
      socket.emit('hello', {}, answer);
      socket.emit('stage:command', {}, answer);
    }
    expect(await ask(socket, 'hello', {})).toMatchObject({ version: '0.0.0' });
    await expectUnharmed();
  });

  it('whose work fails is answered with why', async () => {
    const socket = await open();
    expect(await refusal(socket, 'demos:episodes', { name: 'nowhere' })).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('"nowhere"'),
    });
    expect(await refusal(socket, 'run:metrics', { id: 'nowhere' })).toMatchObject({
      code: 'not-found',
    });
    expect(await refusal(socket, 'train:start', { policy: 'l2', dataset: 'no' })).toMatchObject({
      code: 'not-found',
    });
    expect(await refusal(socket, 'job:stop', { id: 'nowhere' })).toMatchObject({
      code: 'not-found',
    });
  });

  it('to save a recording without its commands is refused', async () => {
    const recording = {
      task: 'left-right',
      dataset: 'mine',
      controlHz: 20,
      seed: null,
      initial: { joints: [0, 0, 0, 0, 0, 0, 0], gripperOpening: 0, objects: [] },
      replayHash: '0123456789abcdef',
    };
    for (const commands of [undefined, null, 'text', [1, 2, 3], Buffer.alloc(7)]) {
      const args = commands === undefined ? [] : [commands];
      expect(await refusal(await open(), 'record:save', recording, ...args)).toMatchObject({
        code: 'invalid-request',
        message: expect.stringContaining('expected its commands beside it'),
      });
    }
  });

  it('too many at once are told to wait, and those of others are not', async () => {
    const socket = await open();
    const answers = await Promise.all(
      Array.from({ length: 3 * LIMITS.requestBurst }, () => send(socket, 'hello', {})),
    );
    const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.error.code]));
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(LIMITS.requestBurst);
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused)).toEqual(new Set(['busy']));
    await expectUnharmed();
    await until(async () => (await send(socket, 'hello', {})).ok, 'the flood to be forgotten');
  });
});

describe('a message', () => {
  const DEEP = 60_000;

  it('of lists in lists in lists is refused or ends its own connection', async () => {
    const socket = await open();
    const nested = '['.repeat(DEEP) + ']'.repeat(DEEP);
    sendRaw(socket, `2["hello",${nested}]`);
    sendRaw(socket, `27["stage:command",${nested}]`);
    sendRaw(socket, `2["stage:command",{"kind":"set","settings":{"lanes":${nested}}}]`);
    await expectUnharmed();
  });

  it('of lists in lists that wait for bytes ends its own connection', async () => {
    const socket = await open();
    const closed = new Promise((resolve) => socket.once('disconnect', resolve));
    const placeholder = '{"_placeholder":true,"num":0}';
    sendRaw(socket, `51-["record:save",${'['.repeat(DEEP)}${placeholder}${']'.repeat(DEEP)}]`);
    (socket.io.engine as unknown as { send(bytes: Buffer): void }).send(Buffer.alloc(8));
    await closed;
    await expectUnharmed();
  });

  it.each([
    ['that is no packet', 'garbage'],
    ['of an unknown type', '9["hello"]'],
    ['cut off', '2["hello",{'],
    ['that is no list', '2{"hello":1}'],
    ['whose name is no text', '2[{"toString":null},{}]'],
    ['that names a reserved event', '2["disconnect"]'],
    ['that announces a million attachments', '51000000-["hello"]'],
    ['with a huge number of an answer', '2999999999999999999999["hello",{}]'],
  ])('%s harms nobody else', async (_, text) => {
    const socket = await open();
    sendRaw(socket, text);
    await expectUnharmed();
  });

  it('that is too large ends its own connection and no other', async () => {
    const socket = await open();
    const closed = new Promise((resolve) => socket.once('disconnect', resolve));
    socket.emit('hello', { text: 'x'.repeat(LIMITS.messageBytes) });
    await closed;
    await expectUnharmed();
  });

  it('that is nearly too large is read', async () => {
    const text = 'x'.repeat(LIMITS.messageBytes - 1000);
    expect((await refusal(await open(), 'hello', { text })).code).toBe('invalid-request');
  });
});

describe('connections', () => {
  it('beyond those there may be are refused until one closes', async () => {
    const pages = 3;
    const own = await listenHere({ pages });
    const sockets: Socket[] = [];
    for (let i = 0; i < pages; i++) sockets.push(await connect(own.url));
    await expect(connect(own.url)).rejects.toThrow();
    sockets[0].disconnect();
    await until(
      () => own.net.io.engine.clientsCount < pages,
      'the server to notice that one has gone',
    );
    expect((await connect(own.url)).connected).toBe(true);
    await own.net.close();
  });

  it('that never read are closed before what they are sent fills the memory', async () => {
    const own = await listenHere();
    const reader = await connect(own.url);
    const { status, socket } = await upgrade(own.url);
    expect(status).toBe(101);
    socket.on('error', () => {});
    socket.write(textFrame('40'));
    await until(() => own.net.io.sockets.sockets.size === 2, 'both to be connected');
    socket.pause();
    let heard = 0;
    reader.on('datasets', () => heard++);
    const text = 'x'.repeat(100_000);
    const summary = {
      name: text,
      task: 'left-right',
      controlHz: 20,
      episodes: 0,
      frames: 0,
      modes: {},
      successes: 0,
      recorded: 0,
      hash: '',
    };
    let said = 0;
    await until(() => {
      own.net.io.emit('datasets', [summary]);
      said++;
      return own.net.io.engine.clientsCount === 1;
    }, 'the one that does not read to be closed');
    // Not at the first: the system takes some, and a page may be slow for a while.
    expect(said * text.length).toBeGreaterThan(LIMITS.unreadBytes);
    expect(said * text.length).toBeLessThan(LIMITS.unreadBytes + 64e6);
    await until(() => heard === said, 'the one that reads to hear everything');
    expect(reader.connected).toBe(true);
    socket.destroy();
  });

  it('to another namespace find nothing', async () => {
    await expect(connect(`${server.url}admin`)).rejects.toThrow('Invalid namespace');
  });

  it('that close take their stage with them', async () => {
    const socket = await open();
    const { id } = socket;
    await ask(socket, 'stage:command', SHOW_FLOW);
    expect(server.stages.settings.get(id ?? '')).toMatchObject({ fan: 16, task: 'left-right' });
    socket.disconnect();
    await until(() => server.stages.left.includes(id ?? ''), 'the stage to be left');
  });
});

describe('a viewer', () => {
  const frame = (step: number) =>
    packFrame({
      episodeId: 1,
      step,
      lanes: [
        {
          joints: [1, 2, 3, 4, 5, 6, 7],
          opening: Number.NaN,
          contact: false,
          success: true,
          ended: false,
          mode: 0,
          lifted: 0,
          objects: [[-0, 1, 2]],
        },
      ],
    });
  const fan = packFan({
    lane: 0,
    episodeId: 1,
    step: 0,
    nfe: 1,
    milliseconds: 1,
    horizon: 32,
    paths: Array.from({ length: 32 }, () => ({
      mode: 0,
      points: new Float32Array(3 * 32),
    })),
    chunk: new Float32Array(8 * 32),
    attention: null,
  });
  const watch = (socket: Socket) => ask(socket, 'stage:command', SHOW_FLOW);

  it('gets frames as they were packed', async () => {
    const socket = await open();
    const received = new Promise<Uint8Array>((resolve) => {
      socket.on('stage:frame', (bytes: Uint8Array, acknowledge: () => void) => {
        acknowledge();
        resolve(bytes);
      });
    });
    await watch(socket);
    server.stages.say({ kind: 'frame', packed: frame(3) });
    const floats = toFloats(await received);
    expect(floats).toStrictEqual(frame(3));
    expect(floats && frameOf(floats).lanes[0].success).toBe(true);
  });

  it('that does not acknowledge gets a few frames, then only the newest', async () => {
    const socket = await open();
    const received: number[] = [];
    const acknowledgements: (() => void)[] = [];
    socket.on('stage:frame', (bytes: Uint8Array, acknowledge: () => void) => {
      const floats = toFloats(bytes);
      received.push((floats && frameOf(floats).step) ?? 0);
      acknowledgements.push(acknowledge);
    });
    await watch(socket);
    for (let i = 1; i <= 1000; i++) server.stages.say({ kind: 'frame', packed: frame(i) });
    await until(() => received.length >= 4, 'the first frames');
    for (const acknowledge of acknowledgements.splice(0)) acknowledge();
    await until(() => received.includes(1000), 'the newest frame');
    expect(received).toEqual([1, 2, 3, 4, 1000]);
  });

  it('that stops reading costs the server next to nothing', async () => {
    const connections: TcpSocket[] = [];
    const keep = (connection: TcpSocket) => connections.push(connection);
    const { httpServer } = server.net.io as unknown as {
      httpServer: { on(event: string, listener: typeof keep): void };
    };
    httpServer.on('connection', keep);
    const { status, socket } = await upgrade(server.url);
    expect(status).toBe(101);
    const [connection] = connections;
    const viewers = server.stages.settings.size;
    socket.write(textFrame('40'));
    socket.write(textFrame(`42${JSON.stringify(['stage:command', SHOW_FLOW])}`));
    await until(() => server.stages.settings.size > viewers, 'its stage to be set');
    socket.pause();
    const offered = 4000;
    for (let i = 0; i < offered; i++) server.stages.say({ kind: 'fan', packed: fan });
    for (let i = 0; i < offered; i++) server.stages.say({ kind: 'frame', packed: frame(i) });
    const waiting = () => connection.writableLength + connection.bytesWritten;
    expect(offered * fan.byteLength).toBeGreaterThan(40e6);
    // What is on its way, and nothing of what has piled up behind it.
    await until(() => waiting() > 4 * fan.byteLength, 'the first fans to be written');
    expect(waiting()).toBeLessThan(10 * fan.byteLength);
    expect(connection.writableLength).toBeLessThan(10 * fan.byteLength);
    socket.destroy();
    await expectUnharmed();
  });
});
