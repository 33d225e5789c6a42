import { type Connection, cutOff } from './cut-off.ts';

/** What a packet takes besides its text, about, bytes. */
const OVERHEAD = 256;

/**
 * Closes a connection that leaves more unread than it may: whoever asks and never reads must not
 * make the server keep the answers.
 *
 * @param limit bytes that may wait behind those the connection is sending
 */
export function closeWhenUnread(connection: Connection, limit: number): void {
  let unread = 0;
  connection.on('packetCreate', ({ data }: { data?: string | Uint8Array }) => {
    unread += OVERHEAD + (data?.length ?? 0);
    if (unread > limit) cutOff(connection);
  });
  // What waited is being sent: a connection takes more only when it has got rid of what it had.
  connection.on('flush', () => {
    unread = 0;
  });
}
