/** Who sends more than the server will read is cut off; others do not notice. */
import type { Socket } from 'socket.io-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../../server/protocol/index.ts';
import { type InProcessServer, listenHere, SHOW_FLOW } from '../../support/in-process-server.ts';
import { rawRequest, textFrame, upgrade } from '../../support/raw-http.ts';
import { ask, connect, send } from '../../support/server.ts';
import { until } from '../../support/until.ts';

let server: InProcessServer;
let bystander: Socket;
beforeAll(async () => {
  server = await listenHere();
  bystander = await connect(server.url);
});

function sendRaw(socket: Socket, data: string | Buffer): void {
  (socket.io.engine as unknown as { send(data: string | Buffer): void }).send(data);
}

function closing(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('disconnect', resolve));
}

/** A page's connection without any library, once its socket is open. */
async function rawPage(url: string) {
  const { socket } = await upgrade(url);
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(textFrame('40'));
  await until(() => text.includes('40{'), 'the socket to open');
  return { socket, closed, heard: () => text };
}

/** So many requests in one piece. */
function piece(count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, i) => textFrame(requestOf(i))));
}

const ackOf = (i: number) => `3${i}[]`;
const requestOf = (i: number) => `42${i}["hello",{}]`;

describe('a connection is cut off', () => {
  it.each<[string, (i: number) => string | Buffer]>([
    ['requests', (i) => `2${i}["hello",{}]`],
    ['requests that have no name', () => '2["nonsense"]'],
    ['answers to nothing', ackOf],
    [
      'bytes after a packet that waits for them',
      (i) => (i === 0 ? '51-["hello"]' : Buffer.alloc(1)),
    ],
  ])('that goes on sending %s', async (_, packet) => {
    const socket = await connect(server.url);
    const closed = closing(socket);
    for (let i = 0; i < 2 * LIMITS.packetBurst; i++) sendRaw(socket, packet(i));
    await closed;
    expect(await ask(bystander, 'hello', {})).toMatchObject({ version: '0.0.0' });
  });

  it('that sends more bytes than a page ever does', async () => {
    const socket = await connect(server.url);
    const closed = closing(socket);
    const text = 'x'.repeat(LIMITS.messageBytes - 1000);
    for (let sent = 0; sent <= LIMITS.byteBurst; sent += text.length) {
      sendRaw(socket, `2["hello","${text}"]`);
    }
    await closed;
    expect(await ask(bystander, 'hello', {})).toMatchObject({ version: '0.0.0' });
  });

  it('at once: what came in the same piece is not answered', async () => {
    const page = await rawPage(server.url);
    page.socket.write(piece(4 * LIMITS.packetBurst));
    await page.closed;
    expect(page.heard().match(/43\d+\[/g)?.length ?? 0).toBeLessThanOrEqual(LIMITS.packetBurst);
  });
});

it('a connection that goes on pinging below the messages is cut off', async () => {
  const page = await rawPage(server.url);
  const ping = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);
  page.socket.write(Buffer.concat(Array(2 * LIMITS.packetBurst).fill(ping)));
  await page.closed;
  expect(await ask(bystander, 'hello', {})).toMatchObject({ version: '0.0.0' });
});

it('a connection that is closed for what it sent does not linger', async () => {
  const page = await rawPage(server.url);
  // A second 'connect' is against the protocol; the close that follows is never agreed to.
  page.socket.write(textFrame('40'));
  await page.closed;
});

describe('a page is not cut off', () => {
  it('for being told to wait', async () => {
    const socket = await connect(server.url);
    const answers = await Promise.all(
      Array.from({ length: 3 * LIMITS.requestBurst }, () => send(socket, 'hello', {})),
    );
    expect(answers.some((answer) => !answer.ok)).toBe(true);
    expect(socket.connected).toBe(true);
    await until(async () => (await send(socket, 'hello', {})).ok, 'the flood to be forgotten');
    socket.disconnect();
  });

  it('for acknowledging what it is sent, however much that is', async () => {
    const socket = await connect(server.url);
    let heard = 0;
    socket.on('stage:frame', (_: unknown, received: () => void) => {
      heard++;
      received();
    });
    await ask(socket, 'stage:command', SHOW_FLOW);
    const packed = new Float32Array(40);
    await until(() => {
      for (let i = 0; i < 4; i++) server.stages.say({ kind: 'frame', packed });
      return heard > 2 * LIMITS.packetBurst;
    }, 'more frames than packets may come at once');
    expect(socket.connected).toBe(true);
    socket.disconnect();
  });
});

it('an address whose connections are cut off again and again gets no other for a while', async () => {
  const own = await listenHere();
  const page = await connect(own.url);
  for (let i = 0; i < LIMITS.floodsPerMinute; i++) {
    const { socket, closed } = await rawPage(own.url);
    socket.write(piece(2 * LIMITS.packetBurst));
    await closed;
  }
  const { status, socket } = await upgrade(own.url);
  socket.destroy();
  expect(status).toBe(400);
  expect((await rawRequest(own.url)).status).toBe(200);
  expect(await ask(page, 'hello', {})).toMatchObject({ version: '0.0.0' });
});

describe('a request that is large or of no form', () => {
  const KEYS = Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`k${i}`, 0]));
  it.each<[string, readonly unknown[]]>([
    ['100 kB of bytes', [Buffer.alloc(100_000)]],
    ['9,000 unknown keys', [KEYS]],
    ['a key of 100,000 characters', [{ ['x'.repeat(100_000)]: 0 }]],
    ['50,000 numbers', [Array(50_000).fill(0)]],
    ['900 wrong lanes', [{ lanes: Array(900).fill(0) }]],
    ['bytes beside it', [{}, Buffer.alloc(100_000)]],
  ])('is refused in a short text (%s)', async (_, args) => {
    const socket = await connect(server.url);
    for (const name of ['hello', 'stage:command', 'compare:start', 'train:start']) {
      const answer = await send(socket, name, ...args);
      if (answer.ok) throw new Error(`expected ${name} to be refused`);
      expect(answer.error.code).toBe('invalid-request');
      expect(answer.error.message.length).toBeLessThan(2100);
    }
    socket.disconnect();
  });
});

it('a socket that opens and closes on one connection again and again leaves nothing behind', async () => {
  const own = await listenHere();
  const { socket, heard } = await rawPage(own.url);
  for (let i = 2; i <= 20; i++) {
    socket.write(textFrame('41'));
    await until(() => own.net.io.sockets.sockets.size === 0, 'the socket to close');
    socket.write(textFrame('40'));
    await until(() => (heard().match(/40\{/g)?.length ?? 0) === i, 'the socket to open');
  }
  const { clients } = own.net.io.engine as unknown as {
    clients: Record<string, NodeJS.EventEmitter>;
  };
  const connections = Object.values(clients);
  expect(connections.length).toBe(1);
  expect(connections[0].listenerCount('packetCreate')).toBe(1);
  socket.destroy();
});
