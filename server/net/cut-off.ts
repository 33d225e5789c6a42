import type { Socket } from 'socket.io';

/** A page's connection, under what socket.io makes of it. */
export type Connection = Socket['conn'];

/** The WebSocket that carries a connection, as far as it is needed here. */
interface Carrier {
  terminate(): void;
  on(event: 'ping' | 'pong', listener: () => void): unknown;
}

/**
 * Ends a connection now: nothing more of it is read, and nothing that waits for it is kept. A close
 * in good order would linger until the other side agrees.
 */
export function cutOff(connection: Connection): void {
  const carrier = carrierOf(connection);
  // What came in the same piece and is not parsed yet is left unread.
  connection.readyState = 'closing';
  connection.close(true);
  connection.request.socket.destroy();
  // A connection that began by polling was upgraded on another one.
  carrier?.terminate();
}

/** How long the other side has to agree to a close in good order, ms. */
const FAREWELL = 1000;

/** Lets no connection that has been closed linger until the other side agrees, which it may never. */
export function endOnClose(connection: Connection): void {
  connection.once('close', () => {
    const carrier = carrierOf(connection);
    if (carrier) setTimeout(() => carrier.terminate(), FAREWELL).unref();
  });
}

/** @returns null for a connection that polls */
export function carrierOf({ transport }: Pick<Connection, 'transport'>): Carrier | null {
  // engine.io's types leave out what its transport by WebSocket stands on.
  const { socket } = transport as { readonly socket?: Carrier };
  return transport.name === 'websocket' && socket !== undefined ? socket : null;
}
