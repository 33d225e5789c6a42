import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { LIMITS } from '../protocol/limits.ts';
import type { ClientAddresses } from './client-address.ts';

export interface ConnectionOptions {
  readonly addresses: ClientAddresses;
  /** Where sockets are upgraded; every other upgrade is cut off. */
  readonly upgradePath: string;
  /** That may be open at once. */
  readonly pages: number;
}

/**
 * An HTTP server whose connections end: those that never ask, ask without end, never read the
 * answer, or are more than there may be. A socket has time limits of its own once it is upgraded.
 */
export function createBoundedServer(
  listener: RequestListener,
  { addresses, upgradePath, pages }: ConnectionOptions,
): Server {
  const { headersMs, requestMs, idleMs, silentMs } = LIMITS.connectionTimes;
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      keepAliveTimeout: idleMs,
      connectionsCheckingInterval: headersMs / 2,
    },
    listener,
  );
  // Longer than a poll waits for news; a socket that is upgraded has none.
  server.timeout = silentMs;
  // Those of pages, and as many again that come and go.
  server.maxConnections = Math.max(LIMITS.tcpConnections, 2 * pages);
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    // A proxy speaks for many.
    if (addresses.isProxy(address)) return;
    const count = (open.get(address) ?? 0) + 1;
    if (count > LIMITS.tcpConnectionsEach) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
  server.on('upgrade', ({ url = '' }, socket) => {
    // A connection that is only ended stays open for as long as the other side likes.
    if (!url.startsWith(upgradePath)) socket.destroy();
  });
  return server;
}
