import { io } from 'socket.io-client';
import type { ClientSocket } from './connection.ts';

/**
 * Opens the connection to the server that the page came from. The build of the page that needs none
 * puts `features/alone/open-socket.ts` in the place of this file.
 */
export function openSocket(): ClientSocket {
  // Straight away by WebSocket: the stage is on sooner than after an upgrade.
  const socket = io({ transports: ['websocket', 'polling'], tryAllTransports: true });
  // Its own types name each event; `ClientSocket` says of them what the page uses.
  return socket as unknown as ClientSocket;
}
