import type { Socket } from 'socket.io';

/** What a packet takes besides its text, about, bytes. */
const OVERHEAD = 256;

/**
 * Closes a connection that leaves more unread than it may: whoever asks and never reads must not
 * make the server keep the answers.
 *
 * @param limit bytes that may wait behind those the connection is sending
 */
export function closeWhenUnread({ conn }: Pick<Socket, 'conn'>, limit: number): void {
  let unread = 0;
  conn.on('packetCreate', ({ data }: { data?: string | Uint8Array }) => {
    unread += OVERHEAD + (data?.length ?? 0);
    if (unread <= limit) return;
    conn.close(true);
    // Or it would linger, with all that was written to it, until the other side says goodbye.
    conn.request.socket.destroy();
  });
  // What waited is being sent: a connection takes more only when it has got rid of what it had.
  conn.on('flush', () => {
    unread = 0;
  });
}
