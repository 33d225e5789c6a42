import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../../server/protocol/index.ts';
import { type InProcessServer, listenHere } from '../../support/in-process-server.ts';
import { rawRequest, textFrame, upgrade } from '../../support/raw-http.ts';
import { ask, connect } from '../../support/server.ts';
import { until } from '../../support/until.ts';

const opened: Socket[] = [];
afterAll(() => {
  for (const socket of opened.splice(0)) socket.destroy();
});

async function tcp(url: string, localAddress = '127.0.0.1'): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connectTcp({ host: hostname, port: Number(port), localAddress });
  opened.push(socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Connections that a server holds, sockets included. */
function held({ net }: InProcessServer): Promise<number> {
  const { httpServer } = net.io as unknown as {
    httpServer: { getConnections(done: (error: Error | null, count: number) => void): void };
  };
  return new Promise((resolve, reject) => {
    httpServer.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

// At once: each waits for a time limit.
describe.concurrent('a connection ends', () => {
  it.each<[string, (url: string) => Promise<Socket>]>([
    ['that says nothing', (url) => tcp(url)],
    [
      'that never ends its headers',
      async (url) => {
        const socket = await tcp(url);
        socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
        return socket;
      },
    ],
    [
      'that is done and stays',
      async (url) => {
        const socket = await tcp(url);
        socket.write(`GET / HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`);
        return socket;
      },
    ],
    [
      'that asks for an upgrade to nothing, and keeps its side open',
      async (url) => (await upgradeNowhere(url)) ?? tcp(url),
    ],
    ['that becomes a socket and never says hello', async (url) => (await upgrade(url)).socket],
    [
      'that begins to poll and never comes back for more',
      async (url) => {
        const socket = await tcp(url);
        const { host } = new URL(url);
        const path = '/socket.io/?EIO=4&transport=polling';
        socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
        return socket;
      },
    ],
  ])('%s', async (_, open) => {
    const server = await listenHere();
    const socket = await open(server.url);
    socket.resume();
    opened.push(socket);
    await until(
      async () => (await held(server)) === 0 && server.net.io.engine.clientsCount === 0,
      'the connection to be closed',
      50_000,
    );
  });

  it('but not that of a page that only listens', async () => {
    const server = await listenHere();
    const page = await connect(server.url);
    const silent = await upgrade(server.url);
    opened.push(silent.socket);
    silent.socket.write(textFrame('40'));
    const stranger = await tcp(server.url);
    const gone = once(stranger, 'close');
    stranger.resume();
    await gone;
    expect(page.connected).toBe(true);
    expect(silent.socket.destroyed).toBe(false);
    expect(await ask(page, 'hello', {})).toMatchObject({ version: '0.0.0' });
  });
});

async function upgradeNowhere(url: string): Promise<Socket> {
  const { hostname, port, host } = new URL(url);
  // Its own side stays open when the server ends its.
  const socket = connectTcp({ host: hostname, port: Number(port), allowHalfOpen: true });
  opened.push(socket);
  await once(socket, 'connect');
  socket.write(
    `GET /elsewhere HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  );
  return socket;
}

describe('connections from one address', () => {
  it('are as many as there may be, and others still get in', async () => {
    const server = await listenHere();
    for (let i = 0; i < LIMITS.tcpConnectionsEach; i++) await tcp(server.url, '127.0.0.2');
    const beyond = await tcp(server.url, '127.0.0.2');
    await until(() => beyond.destroyed || beyond.readableEnded, 'the one beyond to be closed');
    expect((await rawRequest(server.url)).status).toBe(200);
  });

  it('count again when one has gone', async () => {
    const server = await listenHere();
    for (let round = 0; round < 3; round++) {
      const sockets: Socket[] = [];
      for (let i = 0; i < LIMITS.tcpConnectionsEach / 2; i++) sockets.push(await tcp(server.url));
      for (const socket of sockets) socket.destroy();
      await until(async () => (await held(server)) === 0, 'them to be gone');
    }
    expect((await rawRequest(server.url)).status).toBe(200);
  });
});
