import type { Socket } from 'socket.io';

/** A page's connection, under what socket.io makes of it. */
export type Connection = Socket['conn'];

/**
 * Ends a connection now: nothing more of it is read, and nothing that waits for it is kept. A close
 * in good order would linger until the other side agrees.
 */
export function cutOff(connection: Connection): void {
  const { transport } = connection;
  // What came in the same piece and is not parsed yet is left unread.
  connection.readyState = 'closing';
  connection.close(true);
  connection.request.socket.destroy();
  // A connection that began by polling was upgraded on another one.
  const { socket } = transport as { readonly socket?: { terminate?(): void } };
  socket?.terminate?.();
}
