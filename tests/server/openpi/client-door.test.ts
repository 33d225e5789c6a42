import { once } from 'node:events';
import { expect, it } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { ClientDoor, type DoorOptions } from '../../../server/openpi/client-door.ts';
import type { Answering, Asker } from '../../../server/openpi/client-talk.ts';
import { decode, encode } from '../../../server/openpi/codec.ts';
import { PolicyConnection } from '../../../server/openpi/connection.ts';
import { floats } from '../../../server/openpi/numpy.ts';
import { afterFile } from '../../support/after-file.ts';

const TOKEN = 'a-token-of-many-letters';
const ACTIONS = floats(new Float32Array(16).fill(0.25), [2, 8]);

/** Answers every request with the same plan, but for those that are "bad". */
const STEADY: Answering = {
  async answer(frame) {
    if (decode(frame) === 'bad') throw new Error('expected a good request, got a bad one');
    return { fields: { actions: ACTIONS }, timing: { infer_ms: 1.5 } };
  },
  tell: (error) => (error instanceof Error ? error.message : 'unknown'),
};

async function open(options: Partial<DoorOptions> = {}) {
  const door = await ClientDoor.open({
    ...{ host: '127.0.0.1', port: 0, token: null, metadata: { robot: 'panda' }, answering: STEADY },
    ...options,
  });
  afterFile(() => door.close());
  return { door, url: `ws://127.0.0.1:${door.port}`, http: `http://127.0.0.1:${door.port}` };
}

const dial = (url: string, apiKey?: string) =>
  PolicyConnection.dial(url, { withinMs: 20_000, apiKey });

/** The status with which a client is not let in. */
async function refusal(url: string, options: ClientOptions): Promise<number> {
  const socket = new WebSocket(url, options);
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    { statusCode: number },
  ];
  socket.terminate();
  return response.statusCode;
}

it('introduces itself, then answers one request after the other with its times', async () => {
  const { url } = await open();
  const { connection, metadata } = await dial(url);
  expect(decode(metadata)).toEqual(new Map([['robot', 'panda']]));
  const first = decode(await connection.ask(encode({}), 20_000)) as ReadonlyMap<string, unknown>;
  expect(first.get('actions')).toEqual(ACTIONS);
  expect(first.get('server_timing')).toEqual(new Map([['infer_ms', 1.5]]));
  const second = decode(await connection.ask(encode({}), 20_000)) as ReadonlyMap<string, unknown>;
  const timing = second.get('server_timing') as ReadonlyMap<string, number>;
  expect([...timing.keys()]).toEqual(['infer_ms', 'prev_total_ms']);
  connection.close();
});

it('tells a client what is wrong in text and hangs up; others are not disturbed', async () => {
  const { url } = await open();
  const [good, bad] = [(await dial(url)).connection, new WebSocket(url)];
  await once(bad, 'message');
  const heard = once(bad, 'message');
  const closed = once(bad, 'close');
  bad.send(encode('bad'));
  const [text, isBinary] = (await heard) as [Buffer, boolean];
  expect([text.toString(), isBinary]).toEqual(['expected a good request, got a bad one', false]);
  expect((await closed)[0]).toBe(1011);
  expect(await good.ask(encode({}), 20_000)).toBeInstanceOf(Uint8Array);
  good.close();
});

it.each<[string, (socket: WebSocket) => void, number]>([
  ['sends text', (socket) => socket.send('hello'), 1011],
  ['sends a frame beyond all bounds', (socket) => socket.send(new Uint8Array(9e6)), 1009],
  [
    'floods',
    (socket) => {
      for (let i = 0; i < 5000; i++) socket.send(encode({}));
    },
    1011,
  ],
])('hangs up on a client that %s', async (_, misbehave, code) => {
  // Nothing is answered: requests would be as many as are sent.
  const answering = { ...STEADY, answer: () => new Promise<never>(() => {}) };
  const { url } = await open({ answering });
  const socket = new WebSocket(url);
  socket.on('error', () => {});
  await once(socket, 'message');
  const closed = once(socket, 'close');
  misbehave(socket);
  expect((await closed)[0]).toBe(code);
});

it('serves several clients fairly: one that asks without end waits for its turn like the others', async () => {
  const asked: Asker[] = [];
  const waiting: (() => void)[] = [];
  const answering: Answering = {
    ...STEADY,
    async answer(frame, asker) {
      asked.push(asker);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return STEADY.answer(frame, asker);
    },
  };
  const { url } = await open({ answering });
  const { connection: modest } = await dial(url);
  const greedy = new WebSocket(url);
  await once(greedy, 'message');
  for (let i = 0; i < 4; i++) greedy.send(encode({}));
  const answer = modest.ask(encode({}), 60_000);
  while (waiting.length < 2) await new Promise(setImmediate);
  // Of each client one request is being answered, whatever it has sent.
  expect(asked.map(({ client, call }) => [client, call]).sort()).toEqual([
    [0, 0],
    [1, 0],
  ]);
  for (const go of waiting) go();
  expect(await answer).toBeInstanceOf(Uint8Array);
  modest.close();
  greedy.terminate();
});

it('asks for its token, and lets no page of the web in', async () => {
  const { url, http } = await open({ token: TOKEN });
  expect(await refusal(url, {})).toBe(401);
  expect(await refusal(url, { headers: { Authorization: 'Api-Key guess' } })).toBe(401);
  expect(await refusal(url, { origin: 'https://site.example' })).toBe(403);
  const right = { Authorization: `Api-Key ${TOKEN}` };
  expect(await refusal(url, { origin: http, headers: right })).toBe(403);
  const { connection } = await dial(url, TOKEN);
  expect(connection.open).toBe(true);
  connection.close();
});

it('says that it is well to anybody, and nothing else', async () => {
  const { http } = await open({ token: TOKEN });
  const well = await fetch(`${http}/healthz`);
  expect([well.status, await well.text()]).toEqual([200, 'OK\n']);
  expect((await fetch(`${http}/`)).status).toBe(426);
});

it('says goodbye when it ends', async () => {
  const { door, url } = await open();
  const { connection } = await dial(url);
  await door.close();
  await expect(connection.ask(encode({}), 20_000)).rejects.toThrow(
    /closed the connection|closed here/,
  );
  expect(connection.open).toBe(false);
});
